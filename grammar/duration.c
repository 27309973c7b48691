#include "grammar/duration.h"

static const uint64_t LARGEST = (uint64_t)1 << 63; /* time.Duration is an int64 of nanoseconds */

struct unit {
    struct str name;
    uint64_t nanoseconds;
};

static bool find_unit(struct str name, uint64_t *nanoseconds)
{
    const struct unit units[] = {
        {LIT("ns"), 1},           {LIT("us"), 1000},
        {LIT("\xC2\xB5s"), 1000}, /* U+00B5, the micro sign */
        {LIT("\xCE\xBCs"), 1000}, /* U+03BC, the Greek letter */
        {LIT("ms"), 1000000},     {LIT("s"), 1000000000},
        {LIT("m"), 60000000000},  {LIT("h"), 3600000000000},
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        *nanoseconds = units[i].nanoseconds;
        if (str_eq(units[i].name, name))
            return true;
    }
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes digits off the front of `*s`. False when the number does not fit. */
static bool take_digits(struct str *s, uint64_t *value)
{
    *value = 0;
    while (s->len && is_digit(s->at[0])) {
        if (*value > LARGEST / 10)
            return false;
        *value = *value * 10 + (uint64_t)(s->at[0] - '0');
        if (*value > LARGEST)
            return false;
        *s = str_slice(*s, 1, s->len);
    }
    return true;
}

/* Takes the digits behind the point; those that no longer count are skipped. */
static void take_fraction(struct str *s, uint64_t *value, double *scale)
{
    bool full = false;
    *value = 0;
    *scale = 1;
    while (s->len && is_digit(s->at[0])) {
        uint64_t more = *value * 10 + (uint64_t)(s->at[0] - '0');
        full = full || *value > (LARGEST - 1) / 10 || more > LARGEST;
        if (!full) {
            *value = more;
            *scale *= 10;
        }
        *s = str_slice(*s, 1, s->len);
    }
}

/* Takes letters up to the next number. */
static struct str take_unit(struct str *s)
{
    size_t n = 0;
    while (n < s->len && s->at[n] != '.' && !is_digit(s->at[n]))
        n++;
    struct str unit = str_slice(*s, 0, n);
    *s = str_slice(*s, n, s->len);
    return unit;
}

/* One `12.5ms`, added to `*sum`. False when it is none. */
static bool take_part(struct str *s, uint64_t *sum)
{
    uint64_t value, fraction = 0, nanoseconds;
    double scale = 1;
    size_t before = s->len;
    if (!take_digits(s, &value))
        return false;
    bool digits = s->len < before;
    if (str_starts(*s, LIT("."))) {
        *s = str_slice(*s, 1, s->len);
        size_t after_point = s->len;
        take_fraction(s, &fraction, &scale);
        digits = digits || s->len < after_point;
    }
    if (!digits || !find_unit(take_unit(s), &nanoseconds) || value > LARGEST / nanoseconds)
        return false;
    value = value * nanoseconds + (uint64_t)((double)fraction * ((double)nanoseconds / scale));
    if (value > LARGEST)
        return false;
    *sum += value;
    return *sum <= LARGEST;
}

enum duration duration_check(struct str text)
{
    enum { MILLISECOND = 1000000 };
    if (!text.len)
        return DURATION_GOOD;
    bool negative = text.at[0] == '-';
    if (negative || text.at[0] == '+')
        text = str_slice(text, 1, text.len);
    if (str_eq(text, LIT("0")))
        return DURATION_GOOD;
    if (!text.len)
        return DURATION_BAD;
    uint64_t sum = 0;
    while (text.len)
        if (!take_part(&text, &sum))
            return DURATION_BAD;
    if (!negative && sum == LARGEST)
        return DURATION_BAD;
    if (sum && (negative || sum < MILLISECOND))
        return DURATION_SHORT;
    return DURATION_GOOD;
}

bool retries_pass(struct str text)
{
    bool negative = str_starts(text, LIT("-"));
    if (negative || str_starts(text, LIT("+")))
        text = str_slice(text, 1, text.len);
    uint64_t value;
    size_t before = text.len;
    if (!before || !take_digits(&text, &value) || text.len)
        return false;
    return negative ? value == 0 : value <= INT32_MAX;
}
