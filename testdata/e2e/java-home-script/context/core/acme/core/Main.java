package acme.core;
import java.time.*;
import java.util.*;
import java.util.logging.Logger;
public class Main {
    static final Logger LOG = Logger.getLogger("acme");
    public static void main(String[] a) throws Exception {
        var row = new TreeMap<String, String>();
        row.put("a", "1");
        row.put("z", Instant.ofEpochSecond(0).atZone(ZoneId.systemDefault()).toLocalTime().toString());
        for (String want : a)
            for (acme.Exporter e : ServiceLoader.load(acme.Exporter.class))
                if (e.name().equals(want)) System.out.println(e.export(row));
        ResourceBundle b = ResourceBundle.getBundle("i18n.msg", Locale.GERMANY);
        Object o = Class.forName(b.getString("greeter")).getDeclaredConstructor().newInstance();
        System.out.println(o);
        LOG.fine("logged " + System.getProperty("app.env"));
    }
}
