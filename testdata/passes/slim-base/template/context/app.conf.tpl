db={{ ${DB} }}
cc main
