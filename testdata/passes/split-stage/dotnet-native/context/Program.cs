var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/", () => "shop");
app.Run();

static class Native
{
    [System.Runtime.InteropServices.DllImport("libcurl.so.4")]
    public static extern string curl_version();
}
