public class Main {
    public static void main(String[] a) throws Exception {
        new ProcessBuilder("jps").start();
    }
}
