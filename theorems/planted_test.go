package theorems

import (
	"math"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
)

// planted is how many draws a planted mistake is tried on.
const planted = 60

// verdicts counts what a check says of draws of a claim.
func verdicts(c Claim, check func(Case) Outcome) map[oracle.Verdict]int {
	return verdictsOf(planted, c, check)
}

func verdictsOf(draws int, c Claim, check func(Case) Outcome) map[oracle.Verdict]int {
	counts := map[oracle.Verdict]int{}
	for seed := range draws {
		counts[check(c.Draw.Example(seed)).Verdict]++
	}
	return counts
}

// The check of fisher-optimal notices a wrong discriminant and a subspace that is not
// the Fisher subspace, in more than a tenth of the draws; and nothing where nothing is wrong.
func TestFisherOptimalCatchesPlantedErrors(t *testing.T) {
	type values = func(*gmm.Mixture, *mat.Dense) (float64, float64, error)
	wrong := func(within, between func(*gmm.Mixture) mat.Matrix) values {
		return func(m *gmm.Mixture, a *mat.Dense) (float64, float64, error) {
			_, err, failure := subspace.Discriminant(m, a)
			return pseudoTrace(a, within(m), between(m)), err, failure
		}
	}
	covariance := func(m *gmm.Mixture) mat.Matrix { return m.Covariance() }
	raw := func(m *gmm.Mixture) mat.Matrix { return gmm.RawScatter(m.Weights(), m.Means().T()) }
	best := func(basis func(*gmm.Mixture) *mat.Dense) func(*gmm.Mixture) (float64, float64, error) {
		return func(m *gmm.Mixture) (float64, float64, error) {
			if b := basis(m); b != nil {
				return subspace.Discriminant(m, b)
			}
			return 0, 0, nil
		}
	}
	for _, plant := range []struct {
		name string
		f    fisherOptimality
	}{
		{"J: centred scatter for raw", fisherOptimality{wrong(covariance, func(m *gmm.Mixture) mat.Matrix {
			return gmm.CentredScatter(m.Weights(), m.Means().T())
		}), subspace.FisherDiscriminant}},
		{"J: no covariance", fisherOptimality{wrong(func(m *gmm.Mixture) mat.Matrix {
			return mat.NewDiagDense(m.Dimension(), ones(m.Dimension()))
		}, raw), subspace.FisherDiscriminant}},
		{"J: total for within-component covariance", fisherOptimality{wrong(func(m *gmm.Mixture) mat.Matrix {
			var total mat.Dense
			total.Add(m.Covariance(), raw(m))
			return &total
		}, raw), subspace.FisherDiscriminant}},
		{"J: means without weights", fisherOptimality{wrong(covariance, func(m *gmm.Mixture) mat.Matrix {
			return gmm.RawScatter(ones(m.Components()), m.Means().T())
		}), subspace.FisherDiscriminant}},
		{"S_F: span of the means", fisherOptimality{subspace.Discriminant, best(func(m *gmm.Mixture) *mat.Dense {
			return mat.DenseCopyOf(m.Means().T())
		})}},
		{"S_F: centred means", fisherOptimality{subspace.Discriminant, best(func(m *gmm.Mixture) *mat.Dense {
			directions, err := subspace.LDA(m, m.Components())
			if err != nil {
				t.Fatal(err)
			}
			return directions
		})}},
		{"S_F: SVD", fisherOptimality{subspace.Discriminant, best(func(m *gmm.Mixture) *mat.Dense {
			if s := m.FisherDimension(); s > 0 {
				return subspace.SVD(m, s).Basis
			}
			return nil
		})}},
	} {
		if counts := verdicts(fisherOptimal, plant.f.check); counts[oracle.Refuted] < planted/10 {
			t.Errorf("%s: %v, not caught", plant.name, counts)
		}
	}
	if counts := verdicts(fisherOptimal, discriminants.check); counts[oracle.Holds] != planted {
		t.Errorf("nothing planted: %v", counts)
	}
}

// pseudoTrace is tr[(AᵀWA)⁺AᵀBA], by eigenvalues of AᵀWA above a millionth of the largest.
func pseudoTrace(a *mat.Dense, within, between mat.Matrix) float64 {
	_, r := a.Dims()
	var half, w, b mat.Dense
	half.Mul(within, a)
	w.Mul(a.T(), &half)
	half.Mul(between, a)
	b.Mul(a.T(), &half)
	var e mat.EigenSym
	e.Factorize(mat.NewSymDense(r, w.RawMatrix().Data), true)
	var v, turned, out mat.Dense
	e.VectorsTo(&v)
	turned.Mul(&b, &v)
	out.Mul(v.T(), &turned)
	values := e.Values(nil)
	var sum float64
	for i, x := range values {
		if x > 1e-6*values[r-1] {
			sum += out.At(i, i) / x
		}
	}
	return sum
}

func ones(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1
	}
	return out
}

// The check of svd-spherical notices wrong subspaces on either side.
func TestSVDSphericalCatchesPlantedErrors(t *testing.T) {
	leading := func(s mat.Symmetric, first, r int) subspace.Subspace {
		var e mat.EigenSym
		e.Factorize(s, true)
		var v mat.Dense
		e.VectorsTo(&v)
		d := s.SymmetricDim()
		return subspace.Subspace{Basis: mat.DenseCopyOf(v.Slice(0, d, first, first+r)), Error: 1e-10}
	}
	moment := func(m *gmm.Mixture, scatter *mat.SymDense) *mat.SymDense {
		scatter.AddSym(scatter, m.Covariance())
		return scatter
	}
	for _, plant := range []struct {
		name string
		f    svdAgreement
	}{
		{"SVD: principal components of centred data", svdAgreement{subspace.Fisher, func(m *gmm.Mixture, r int) subspace.Subspace {
			return leading(moment(m, gmm.CentredScatter(m.Weights(), m.Means().T())), m.Dimension()-r, r)
		}}},
		{"SVD: smallest eigenvalues", svdAgreement{subspace.Fisher, func(m *gmm.Mixture, r int) subspace.Subspace {
			return leading(moment(m, gmm.RawScatter(m.Weights(), m.Means().T())), 0, r)
		}}},
		{"SVD: one coordinate of the means lost", svdAgreement{subspace.Fisher, func(m *gmm.Mixture, r int) subspace.Subspace {
			u := mat.DenseCopyOf(m.Means().T())
			u.SetRow(0, make([]float64, m.Components()))
			return leading(moment(m, gmm.RawScatter(m.Weights(), u)), m.Dimension()-r, r)
		}}},
		{"S_F: centred means", svdAgreement{func(m *gmm.Mixture) subspace.Subspace {
			basis, err := subspace.LDA(m, m.Components())
			if err != nil {
				t.Fatal(err)
			}
			return subspace.Subspace{Basis: basis, Error: 1e-10}
		}, subspace.SVD}},
		{"S_F: turned by 1e-6", svdAgreement{func(m *gmm.Mixture) subspace.Subspace {
			s := subspace.Fisher(m)
			if s.Basis != nil {
				d, r := s.Basis.Dims()
				turned := mat.DenseCopyOf(s.Basis)
				for j := range r {
					turned.Set(d-1, j, turned.At(d-1, j)+1e-6*math.Copysign(1, turned.At(0, j)))
				}
				s.Basis = turned
			}
			return s
		}, subspace.SVD}},
	} {
		check := func(c Case) Outcome {
			o, _ := plant.f.check(c)
			return o
		}
		if counts := verdicts(svdSpherical, check); counts[oracle.Refuted] < planted/2 {
			t.Errorf("%s: %v, not caught", plant.name, counts)
		}
	}
	if counts := verdicts(svdSpherical, svdSpherical.Check); counts[oracle.Holds] != planted {
		t.Errorf("nothing planted: %v", counts)
	}
}

// The check of svd-shared does not refute everything: where the covariance is
// spherical the claim holds.
func TestSVDSharedIsNotAlwaysRefuted(t *testing.T) {
	if counts := verdicts(svdSpherical, svdShared.Check); counts[oracle.Holds] != planted {
		t.Errorf("spherical mixtures: %v", counts)
	}
	if counts := verdicts(svdShared, svdShared.Check); counts[oracle.Refuted] != planted {
		t.Errorf("parallel pancakes: %v", counts)
	}
}

// The check of distance-debiased notices what is left of the bias, in a tenth of the draws or more, and nothing where nothing is wrong.
func TestDistanceDebiasedCatchesPlantedErrors(t *testing.T) {
	draws := enough.Cases(20)
	for _, plant := range []struct {
		name string
		loss debiasing
	}{
		{"the loss of pairs as they are", func(float64) oracle.Loss { return oracle.Distance }},
		{"half of the false pairs left in", func(delta float64) oracle.Loss { return oracle.DebiasedDistance((1 + delta) / 2) }},
		{"more false pairs taken out than there are", func(delta float64) oracle.Loss { return oracle.DebiasedDistance(delta / 2) }},
	} {
		if counts := verdictsOf(draws, distanceDebiased, plant.loss.check); counts[oracle.Refuted] < draws/10 {
			t.Errorf("%s: %v, not caught", plant.name, counts)
		}
	}
	if counts := verdictsOf(draws, distanceDebiased, distanceDebiased.Check); counts[oracle.Refuted] > 0 || counts[oracle.Undecided] > draws/20 {
		t.Errorf("nothing planted: %v", counts)
	}
}
