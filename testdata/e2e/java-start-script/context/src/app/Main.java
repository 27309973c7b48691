package app;
public class Main{public static void main(String[] a){System.out.println((Runtime.getRuntime().maxMemory()<80000000L?"heap ok ":"heap ?")+Runtime.version().feature());}}
