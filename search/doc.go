// Package search hunts for counterexamples to claims, makes them as simple as can
// be, and keeps them.
//
// A hunt ascends a claim's score, which is cheap and comes from the solver, and
// reports only what the claim's check, the oracle, confirms. It knows no claim by
// name: all that it needs is in theorems.Hunt.
package search
