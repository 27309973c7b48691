import locale,time,calendar
locale.setlocale(locale.LC_ALL,"")
print(calendar.day_name[0],time.tzname[0])
