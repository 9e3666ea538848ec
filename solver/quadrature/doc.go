// Package quadrature averages softmax weights, and what else is smooth, under a
// standard normal distribution: by tensor products of Gauss–Hermite rules chosen
// from the slopes of the logits (Rule), by dimension-adaptive sparse grids (Sparse) and
// by randomly shifted lattices (Lattice), each with an estimate of its error. Cheapest
// predicts which of them a tolerance costs least with.
package quadrature
