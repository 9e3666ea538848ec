package generators

import (
	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

// Family is a family of random mixtures, made for a case that is hard for a theorem or for a solver.
type Family struct {
	// Name is what its members are called.
	Name string
	// Draw draws a member.
	Draw *rapid.Generator[*gmm.Mixture]
	// Simplest is the member at which shrinking ends, as it prints itself.
	Simplest string
	// Hard is the hard case in words, Least the least share of draws in which it must occur.
	Hard  string
	Least float64
	// Occurs tells a member that is the hard case; nil where that is a refutation of
	// equality at δ = 1, which is not for a generator to judge.
	Occurs func(*gmm.Mixture) bool
}

// Families returns the families of mixtures.
func Families() []Family {
	return []Family{
		spherical, sharedCovariance, parallelPancakes, centred, distinct, centredDistinct,
		collinear, nearDegenerate, symmetricTie, farSeparated, rareOutlier, rareOutliers,
		rarePairs, orthogonalMean, ownCovariances, tilted, enveloped, coupled, grouped,
	}
}

// Member returns one member, always the same: the first that is the hard case, where the
// family can tell.
func (f Family) Member() *gmm.Mixture {
	for seed := range 100 {
		if m := f.Draw.Example(seed); f.Occurs == nil || f.Occurs(m) {
			return m
		}
	}
	return f.Draw.Example(0)
}
