package comparison

import (
	"math"
	"math/rand/v2"

	"contrastcheck/comparison/clustering"
	"contrastcheck/gmm"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
)

// reference is the mixture that J and angles refer to.
type reference struct {
	mixture *gmm.Mixture
	fisher  *mat.Dense
}

// score is a Row for one seed.
type score struct {
	projection Projection
	Scores[float64]
}

// restarts of k-means.
const restarts = 10

// score scores each representation of a trial.
func (r reference) score(t trial, rng *rand.Rand) []score {
	seed := rng.Uint64()
	var out []score
	for _, rep := range t.representations {
		_, columns := rep.basis.Dims()
		by := rep.basis
		if rep.a != nil {
			by = rep.a
		}
		training, test := project(t.training, by), project(t.test, by)
		// Each k-means starts from the same random numbers, so that equal projections score alike.
		clusters, _ := clustering.KMeans(test.X, r.mixture.Components(), restarts, rand.New(rand.NewPCG(seed, 0)))
		out = append(out, score{rep.projection, Scores[float64]{
			Dimension:                 float64(columns),
			Discriminant:              r.discriminant(rep.basis),
			LargestAngle:              largestAngle(rep.basis, r.fisher),
			AdjustedRand:              clustering.AdjustedRand(test.Labels, clusters),
			AdjustedMutualInformation: clustering.AdjustedMutualInformation(test.Labels, clusters),
			NearestNeighbour:          clustering.NearestNeighbourAccuracy(training, test),
			NearestCentroid:           clustering.NearestCentroidAccuracy(training, test),
		}})
	}
	return out
}

// discriminant is J(A); NaN where float64 cannot whiten AᵀΣA.
func (r reference) discriminant(a *mat.Dense) float64 {
	value, _, err := subspace.Discriminant(r.mixture, a)
	if err != nil {
		return math.NaN()
	}
	return value
}

// largestAngle is the largest principal angle of the spans of orthonormal columns, in degrees.
func largestAngle(a, b *mat.Dense) float64 {
	angles := subspace.PrincipalAngles(a, b)
	return angles[len(angles)-1] * 180 / math.Pi
}

// project maps each sample x to Aᵀx, the coordinates of its orthogonal projection where A is orthonormal.
func project(s clustering.Labelled, a *mat.Dense) clustering.Labelled {
	x := new(mat.Dense)
	x.Mul(s.X, a)
	return clustering.Labelled{X: x, Labels: s.Labels}
}
