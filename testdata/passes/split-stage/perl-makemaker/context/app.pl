use Fast;
print Fast::version();
