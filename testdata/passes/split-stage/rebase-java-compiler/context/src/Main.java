import javax.tools.ToolProvider;

class Main {
    public static void main(String[] a) { ToolProvider.getSystemJavaCompiler(); }
}
