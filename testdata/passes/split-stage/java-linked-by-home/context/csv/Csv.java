public class Csv { public static void main(String[] a) {} }
