// Package theorems holds the claims about contrastive learning on Gaussian
// mixtures, one file each, and the registry of all of them.
//
// A claim is a statement with its source, a generator of random cases, and a
// check that gives each case a verdict. It is the only room where generators,
// solver and oracle meet; it does no numerics of its own.
//
// The tests of this package are theorem checks: a claim that holds is put to
// rapid.Check, one that is refuted is refuted anew, and its stored
// counterexamples, testdata/counterexamples/*.json, are replayed.
package theorems
