import java.nio.file.*;

public class Main {
    public static void main(String[] words) throws Exception {
        System.out.println(Files.readString(Path.of("conf/a.properties")));
    }
}
