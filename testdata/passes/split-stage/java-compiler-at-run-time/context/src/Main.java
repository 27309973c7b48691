import javax.tools.ToolProvider;
