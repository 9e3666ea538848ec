// Package kernel finds encoders that are not linear, on a grid: the best shared encoder of any number of outputs, by a convex problem with its duality
// gap, and nets of one or two smooth neurons.
//
// The InfoNCE loss of one tower f, infinitely many negatives, depends on the kernel T(x, y) = f(x)·f(y) alone, and is convex in it,
//
//	L(T) = −E_F̂ T(x, x̂) + E_x log E_y e^{T(x, y)}.
//
// The best f depends on x only through its whitened projection on the centred Fisher subspace S_c, of s dimensions. For s ≤ 2 its law is replaced by
// that on the nodes of a trapezoidal rule. What is said of the grid is exact for it; how far it is from the mixture shows by another grid.
package kernel
