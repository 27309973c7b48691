package acme;
public interface Exporter { String name(); String export(java.util.Map<String, String> row) throws Exception; }
