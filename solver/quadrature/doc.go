// Package quadrature chooses Gauss–Hermite rules for expectations of softmax
// weights under a standard normal distribution, from the slopes of the logits
// and a tolerance, and estimates their error.
package quadrature
