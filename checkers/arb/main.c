#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: arbcheck [--against MIXTURE] [--unsealed] CERTIFICATE\n"
    "Proves anew what a certificate of contrastcheck says, by other formulas and on Arb's ball arithmetic.\n"
    "  --against MIXTURE  refuses a certificate of another mixture or δ than this file's\n"
    "  --unsealed         does not compare the digest, which finds accidental damage only\n"
    "Exit codes: 0 accepted; 1 refused; 2 unusable input; 4 a kind that is not served, or too much work.\n";

static _Noreturn void end(int code, const char *title, const char *format, va_list values)
{
    fprintf(stderr, "arbcheck: %s: ", title);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    exit(code);
}

#define ENDING(name, code, title) \
    void name(const char *format, ...) { va_list values; va_start(values, format); end(code, title, format, values); }
ENDING(refuse, REFUSED, "refused")
ENDING(unusable, UNUSABLE, "unusable")
ENDING(unserved, UNSERVED, "not served")

int main(int count, char **arguments)
{
    const char *path = NULL, *against = NULL;
    bool sealed = true;
    for (int i = 1; i < count; i++) {
        if (!strcmp(arguments[i], "--help")) {
            fputs(usage, stdout);
            return ACCEPTED;
        } else if (!strcmp(arguments[i], "--against") && i + 1 < count && !against)
            against = arguments[++i];
        else if (!strcmp(arguments[i], "--unsealed"))
            sealed = false;
        else if (!path && (arguments[i][0] != '-' || !arguments[i][1])) /* - is standard input */
            path = arguments[i];
        else {
            fputs(usage, stderr);
            return UNUSABLE;
        }
    }
    if (!path) {
        fputs(usage, stderr);
        return UNUSABLE;
    }
    certificate c = read_certificate(path, sealed);
    if (against) {
        mixture own = read_mixture(against);
        compare(&c.law, &own, against);
    }
    check_kind(&c);
    printf("accepted: %s\n", word(c.object, "statement"));
    return ACCEPTED;
}
