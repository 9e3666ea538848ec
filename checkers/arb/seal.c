#define _GNU_SOURCE
#include "check.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* SHA-256, FIPS 180-4. Its constants are the first 32 bits of the fractional parts of square and cube roots of primes. */
static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static uint32_t fraction_of_root(unsigned prime, unsigned degree)
{
    fmpz_t x, root;
    fmpz_init_set_ui(x, prime);
    fmpz_init(root);
    fmpz_mul_2exp(x, x, 32 * degree);
    fmpz_root(root, x, degree);
    fmpz_fdiv_r_2exp(root, root, 32);
    return fmpz_get_ui(root);
}

static void compress(uint32_t state[8], const uint32_t k[64], const unsigned char *block)
{
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++)
        w[i] = w[i - 16] + (rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3) + w[i - 7] +
               (rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10);
    memcpy(v, state, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t t = v[7] + (rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
        uint32_t u = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t, v[0] = t + u;
    }
    for (int i = 0; i < 8; i++)
        state[i] += v[i];
}

static void sha256(char digest[65], const char *text)
{
    uint32_t state[8], k[64];
    size_t length = strlen(text), padded = (length + 9 + 63) / 64 * 64;
    for (int found = 0, n = 2; found < 64; n++) {
        bool prime = true;
        for (int i = 2; i * i <= n; i++)
            prime = prime && n % i;
        if (!prime)
            continue;
        if (found < 8)
            state[found] = fraction_of_root(n, 2);
        k[found++] = fraction_of_root(n, 3);
    }
    unsigned char *bytes = calloc(padded, 1);
    memcpy(bytes, text, length);
    bytes[length] = 0x80;
    for (int i = 0; i < 8; i++)
        bytes[padded - 1 - i] = (unsigned char)((uint64_t)length * 8 >> 8 * i);
    for (size_t at = 0; at < padded; at += 64)
        compress(state, k, bytes + at);
    for (int i = 0; i < 8; i++)
        sprintf(digest + 8 * i, "%08x", state[i]);
    free(bytes);
}

void verify_seal(const char *text)
{
    json_t *file = json_loads(text, 0, NULL), *bare = json_object();
    json_t *object = json_object_get(file, "certificate"), *open = json_copy(object);
    static const char *const kept[] = {"name", "weights", "means", "covariance", "delta"};
    const char *key;
    json_t *value;
    json_object_foreach(file, key, value)
        for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
            if (!strcmp(key, kept[i]))
                json_object_set(bare, key, value);
    json_object_set_new(open, "sha256", json_string(""));
    char *mixture = json_dumps(bare, JSON_COMPACT), *certificate = json_dumps(open, JSON_COMPACT), *sealed, digest[65];
    if (asprintf(&sealed, "%s\n%s", mixture, certificate) < 0)
        unusable("out of memory");
    sha256(digest, sealed);
    if (strcmp(digest, word(object, "sha256")))
        refuse("the digest is %s, as of a damaged file, or of one that is not as prove writes it", digest);
}
