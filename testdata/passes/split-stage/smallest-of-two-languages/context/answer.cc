extern "C" int answer(void)
{
    return 42;
}
