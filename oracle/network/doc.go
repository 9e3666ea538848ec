// Package network evaluates encoders with one hidden layer and biases, and four inequalities by which such encoders gain nothing from noise:
// averaging, freezing, the spectral loss, and one threshold neuron.
//
// An encoder is f(x) = Vᵀσ(Wx + b) + c. As x given component k is Gaussian, so are the preactivations t = Wx + b, of mean Wμ_k + b and covariance
// WΣWᵀ, and f sees x only through them: expectations are integrals over one or two dimensions, however many x has. With the columns of D the differences of
// means, what P_c x tells of t, P_c the whitened projection on the centred Fisher subspace S_c, has the covariance WD(DᵀΣ⁻¹D)⁺DᵀWᵀ; the rest
// is noise that is independent of it and of k, and 0 on average: its mean is in that of t.
//
// Losses are computed by two rules of different order and reach, and the error is estimated from their difference: it is no bound.
package network
