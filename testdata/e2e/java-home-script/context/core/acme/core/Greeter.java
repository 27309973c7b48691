package acme.core;
public class Greeter { public String toString() { return "Servus"; } }
