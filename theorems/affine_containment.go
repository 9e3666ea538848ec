package theorems

import "contrastcheck/losses"

// affineMaps is the InfoNCE loss of representations with a bias.
var affineMaps = chosen(losses.Settings{Loss: "infonce", Map: losses.Affine})

// affineContainment: a bias vector takes the encoder from the Fisher subspace to the centred one, that of linear discriminant analysis.
//
// Hypotheses: any mixture, centred or not, and any δ; drawn so that S_c is not everything. Checked like containment, by a blind solve for M and c on the centred mixture, from which the
// raw one differs by a translation that c takes up. Where no affine minimiser exists the case is undecided. The suite finds that it holds.
var affineContainment = func() Claim {
	c := containmentOf(affineMaps)
	c.Statement = "Affine maps x ↦ Aᵀx + b with r ≥ K columns, InfoNCE: Col(A*) ⊆ S_c (blind solve)"
	c.Source = "averaging over what is independent of the class: the noise across S_c has a mean, which a bias takes up"
	return c
}()
