#define _GNU_SOURCE
#include "check.h"

#include <stdio.h>
#include <string.h>

/* same wants the certificate's statement to be what is proved. */
static void same(const certificate *c, const char *statement)
{
    if (strcmp(word(c->object, "statement"), statement))
        refuse("what is proved is: %s", statement);
}

/* equality_statement names the loss by its title, and the subspace. */
static void equality_statement(const certificate *c, const char *title, const char *subspace)
{
    char *text;
    if (asprintf(&text, "Col(A*) %s %s for the %s minimiser A* of this mixture at δ = %s and every rank r ≥ dim %s = %zu", c->holds ? "=" : "≠", subspace, title,
                 written(c->law.delta), subspace, json_array_size(json_object_get(c->object, "basis"))) < 0)
        unusable("out of memory");
    same(c, text);
}

/* instance wants the claim that a certificate names, if any, to be one of those listed, each where its hypotheses hold. */
static void instance(const certificate *c, const char *const *claims)
{
    const char *claim = word(c->object, "claim");
    if (!*claim)
        return;
    for (; *claims; claims++)
        if (!strcmp(claim, *claims))
            return;
    refuse("the mixture is no instance of the claim %s", claim);
}

static void infonce_claims(const certificate *c)
{
    const char *none[] = {NULL}, *centred_sure[] = {"equality-centred", "equality", NULL}, *sure[] = {"equality", NULL}, *biased[] = {"equality-biased", NULL};
    bool certain = fmpq_is_one(c->law.delta), middle = centred(&c->law);
    instance(c, !informative(&c->law) ? none : certain && middle ? centred_sure : certain ? sure : middle ? biased : none);
}

static void containment_statement(const certificate *c)
{
    const char *none[] = {NULL}, *own[] = {"containment-own-covariance", NULL};
    const json_t *departure = json_object_get(c->object, "departure");
    size_t s = json_array_size(json_object_get(c->object, "basis"));
    char *ranks = "every rank r", *text;
    instance(c, informative(&c->law) ? own : none);
    if (!c->holds && asprintf(&ranks, "every rank r %s dim S_F = %zu", departure && !json_object_get(departure, "along") ? ">" : "≥", s) < 0)
        unusable("out of memory");
    if (asprintf(&text, "Col(A*) %s S_F for every InfoNCE minimiser A* of this mixture at δ = %s and %s", c->holds ? "⊆" : "⊄", written(c->law.delta), ranks) < 0)
        unusable("out of memory");
    same(c, text);
}

static void logistic_statement(const certificate *c, bool sigmoid)
{
    const char *negatives = word(c->object, "negatives"), *bias = word(c->object, "bias");
    char *title = NULL;
    if (!sigmoid && (*bias || (*negatives && strcmp(word(c->object, "loss"), "infonce"))))
        refuse("negatives or a bias of a loss that has none");
    if (sigmoid && (!*bias || !*negatives))
        refuse("expected negatives and a bias");
    if (sigmoid) { /* the numbers, however they are written */
        fmpq_t weight, at;
        fmpq_init(weight);
        fmpq_init(at);
        number(weight, json_object_get(c->object, "negatives"), "negatives");
        bool free_bias = !strcmp(bias, "free");
        if (!free_bias)
            number(at, json_object_get(c->object, "bias"), "bias");
        if (asprintf(&title, free_bias ? "sigmoid (negatives of weight %s, free bias)" : "sigmoid (negatives of weight %s, bias %s)", written(weight), written(at)) < 0)
            unusable("out of memory");
    }
    equality_statement(c, sigmoid ? title : "triplet (InfoNCE with one negative)", "S_F");
}

static void affine_statement(const certificate *c, bool existence)
{
    const char *none[] = {NULL}, *sure[] = {"affine-equality", NULL};
    instance(c, informative(&c->law) && fmpq_is_one(c->law.delta) && !existence ? sure : none);
    if (!existence) {
        equality_statement(c, "InfoNCE (affine maps)", "S_c");
        return;
    }
    char *text;
    if (asprintf(&text, "No affine representation minimises the InfoNCE loss of this mixture at δ = %s and any rank r ≥ dim S_c = %zu: along every minimising sequence |b| → ∞",
                 written(c->law.delta), json_array_size(json_object_get(c->object, "basis"))) < 0)
        unusable("out of memory");
    same(c, text);
}

/* refutes_containment wants the words of a refutation of containment. */
static void refutes_containment(const certificate *c)
{
    if (c->holds || strcmp(word(c->object, "property"), "containment"))
        refuse("expected the property containment, and the verdict refuted");
}

static void cosine_statement(const certificate *c)
{
    char *text;
    fmpq_t temperature, noise;
    fmpq_init(temperature);
    fmpq_init(noise);
    number(temperature, json_object_get(c->object, "temperature"), "temperature");
    number(noise, json_object_get(c->object, "noise"), "noise");
    if (asprintf(&text, "Col(A*) ⊄ S_F for every minimiser A* of the InfoNCE loss of cosines of this mixture at τ = %s, δ = %s and every rank r ≥ 2: in whitened coordinates diag(1, %s) "
                        "has a lower loss than every A with columns in S_F",
                 written(temperature), written(c->law.delta), written(noise)) < 0)
        unusable("out of memory");
    same(c, text);
}

static void check_network(const certificate *c)
{
    const char *activation = word(c->object, "activation");
    bool relu = !strcmp(activation, "relu");
    const char *claims[] = {relu ? "relu-network-unbiased" : "sign-network-unbiased", NULL};
    refutes_containment(c);
    if (!relu && strcmp(activation, "sign"))
        unserved("networks of the activation \"%s\"", activation);
    if (!json_is_false(json_object_get(c->object, "biases")))
        refuse("networks with biases obey containment");
    const json_t *matrices = json_object_get(json_object_get(c->object, "tilts"), "matrices");
    same(c, network_statement(c, relu, relu && json_array_size(matrices) == 1));
    instance(c, claims);
    (relu ? check_relu : check_sign)(c);
}

/* shared refuses components with their own covariances. */
static void shared(const certificate *c)
{
    if (c->law.own)
        refuse("components with their own covariances, of which this kind is not");
}

void check_kind(const certificate *c)
{
    const json_t *o = c->object;
    const char *loss = word(o, "loss"), *score = word(o, "score"), *map = word(o, "map"), *property = word(o, "property");
    if (json_object_get(o, "box"))
        unserved("boxes of mixtures");
    if (strcmp(loss, "spectral") && strcmp(loss, "agreement") && strcmp(property, "containment"))
        shared(c);
    bool plain = !*map && !*property && !json_object_get(o, "negatives") && !json_object_get(o, "bias");
    if (plain && !*score && !*loss) {
        equality_statement(c, "InfoNCE", "S_F");
        infonce_claims(c);
        check_infonce(c);
    } else if (plain && !*score && !strcmp(loss, "dv")) {
        equality_statement(c, "Donsker–Varadhan", "S_F");
        check_dv(c);
    } else if (plain && !*score && (!strcmp(loss, "spectral") || !strcmp(loss, "agreement"))) {
        equality_statement(c, loss, "S_F");
        check_pooled(c);
    } else if (plain && !strcmp(score, "distance") && !strcmp(loss, "infonce")) {
        equality_statement(c, "InfoNCE (squared distances as scores)", "S_c");
        check_distance(c);
    } else if (!strcmp(map, "affine") && !*loss && !*score && (!*property || !strcmp(property, "existence"))) {
        bool existence = *property;
        if (existence != !!json_object_get(o, "boundary"))
            refuse("the property existence and a boundary go together");
        affine_statement(c, existence);
        check_affine(c);
    } else if (!*score && !*map && !*property && (!strcmp(loss, "sigmoid") || !strcmp(loss, "triplet") || (!strcmp(loss, "infonce") && !strcmp(word(o, "negatives"), "1")))) {
        logistic_statement(c, !strcmp(loss, "sigmoid"));
        check_logistic(c);
    } else if (!*loss && !*score && !*map && !strcmp(property, "containment")) {
        containment_statement(c);
        check_containment(c);
    } else if (!strcmp(map, "network") && !*loss && !*score) {
        check_network(c);
    } else if (!strcmp(score, "cosine") && !*loss && !*map) {
        static const char *const claims[] = {"cosine-containment", NULL};
        refutes_containment(c);
        cosine_statement(c);
        instance(c, claims);
        check_cosine(c);
    } else
        unserved("certificates of loss \"%s\", score \"%s\", map \"%s\" and property \"%s\"", loss, score, map, property);
}
