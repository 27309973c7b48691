public class Main{public static void main(String[] a){System.out.println(javax.tools.ToolProvider.getSystemJavaCompiler()!=null?"compiler":"none");}}
