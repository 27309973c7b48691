public class Core { public static void main(String[] a) {} }
