package solver

import (
	"fmt"
	"math"
	"math/rand/v2"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Spectral minimises the spectral contrastive loss of p over symmetric matrices
// M, in the Fisher subspace, by its closed form M* = S₂⁻¹T_δS₂⁻¹, S₂ = Σ̄ + C and
// T_δ = δC + (1−δ)μ̄μ̄ᵀ in original coordinates. It is positive semidefinite, so
// Candidate.Unconstrained and Candidate.Minimiser are the same. The loss depends
// on own covariances through Σ̄ alone.
func Spectral(p gmm.Pairs) (Candidate, error) {
	if err := p.WantOneModality(); err != nil {
		return Candidate{}, err
	}
	w, err := p.Left.Pooled().WhitenFisher()
	if err != nil {
		return Candidate{}, err
	}
	if w.Means == nil {
		none := Minimum{Form: gmm.Form{Left: w.Frame, Right: w.Frame}}
		return Candidate{Method: "reduced", Unconstrained: none, Minimiser: none, Rule: closedForm}, nil
	}
	f, err := newSpectral(p.Pooled(), w)
	if err != nil {
		return Candidate{}, err
	}
	rank, exact := p.Pooled().MomentRank()
	if !exact {
		rank = f.rank(f.closed())
	}
	return f.candidate("reduced", closedForm, p.Left, f.closed(), rank), nil
}

// How a minimiser of the spectral loss was found.
const (
	closedForm  = "closed form"
	byGradients = "conjugate gradients"
)

// SpectralBlind minimises the spectral contrastive loss of p over all d
// dimensions by conjugate gradients from a random matrix of full rank. It neither
// computes nor uses the Fisher subspace or the closed form.
func SpectralBlind(p gmm.Pairs, o Options) (Candidate, error) {
	if err := p.WantOneModality(); err != nil {
		return Candidate{}, err
	}
	w, err := p.Left.Pooled().WhitenFull()
	if err != nil {
		return Candidate{}, err
	}
	f, err := newSpectral(p.Pooled(), w)
	if err != nil {
		return Candidate{}, err
	}
	m := f.descend(randomStart(w.Means, rand.New(rand.NewPCG(o.Seed, 0))), o.spectralTolerance())
	symmetrise(m)
	return f.candidate("blind", byGradients, p.Left, m, f.rank(m)), nil
}

// spectralTolerance resolves the default: the loss is a quadratic, which rounding alone limits.
func (o Options) spectralTolerance() float64 {
	if o.Tolerance > 0 {
		return o.Tolerance
	}
	return 1e-14
}

// rank counts the singular values of S_V^{½}MS_T^{½} that the distance bound leaves positive.
func (f *spectral) rank(m *mat.Dense) int {
	_, bound := f.distance(m)
	var svd mat.SVD
	if !svd.Factorize(f.scaled(m, -0.5), mat.SVDNone) {
		panic("solver: the singular values did not converge")
	}
	rank := 0
	for _, x := range svd.Values(nil) {
		if x > bound {
			rank++
		}
	}
	return rank
}

// candidate brings a symmetric M of the given rank back to original coordinates.
func (f *spectral) candidate(method, rule string, mixture *gmm.Mixture, m *mat.Dense, rank int) Candidate {
	symmetrise(m)
	found := Minimum{Rank: rank}
	found.Loss, found.LossError = f.loss(m)
	found.GradientNorm, found.DistanceBound = f.distance(m)
	turned := f.turnedBack(m)
	n, _ := turned.Dims()
	symmetrise(turned)
	found.Form = f.visual.whitened.Form(mat.NewSymDense(n, turned.RawMatrix().Data))
	free := found
	if rank > 0 {
		values, vectors := eigen(m)
		root := mat.DenseCopyOf(vectors.Slice(0, n, n-rank, n))
		scaleColumns(root, values[n-rank:])
		var columns mat.Dense
		columns.Mul(f.visual.rotation, root)
		w := f.visual.whitened
		found.Root, found.Coefficients = canonicalColumns(w.Columns(mixture, &columns), w.Coefficients(&columns))
	}
	return Candidate{Method: method, Unconstrained: free, Minimiser: found, Rule: rule}
}

// turnedBack returns M before the sides were turned.
func (f *spectral) turnedBack(m *mat.Dense) *mat.Dense {
	var half mat.Dense
	half.Mul(f.visual.rotation, m)
	out := new(mat.Dense)
	out.Mul(&half, f.text.rotation.T())
	return out
}

// CrossCandidate is what a solve of two modalities found. Nothing in it is a verdict.
type CrossCandidate struct {
	Method string
	// Form is the minimiser M, d_V×d_T.
	Form gmm.Form
	// Visual and Text are the factors A_V and A_T with A_V A_Tᵀ = M of least norm in
	// whitened coordinates, one column a positive singular value and at most
	// min(s_V, s_T); nil for rank 0.
	Visual, Text *mat.Dense
	// VisualCoefficients and TextCoefficients are theirs in the columns of the form's
	// frames, as Minimum.Coefficients are.
	VisualCoefficients, TextCoefficients *mat.Dense
	// Rank counts the singular values that the distance bound leaves positive.
	Rank int
	// Loss is L(M), LossError an estimate of its error.
	Loss, LossError float64
	// SingularValues are those of the whitened M, descending.
	SingularValues []float64
	// GradientNorm is the gradient's, DistanceBound that of ‖M − M_exact‖_F, in
	// whitened coordinates.
	GradientNorm, DistanceBound float64
	// Rule says how it was found, or by which quadrature; Points are its nodes and
	// RuleError the gradient's error that it is estimated to leave, whitened. The
	// spectral loss needs no quadrature.
	Rule      string
	Points    int
	RuleError float64
}

// SpectralPaired minimises the two-modality spectral contrastive loss of p,
// −2E[x_VᵀMx_T] over pairs + E[(x_VᵀMx_T)²] over independent points, in the Fisher
// subspaces, by its closed form M* = S_V⁻¹XS_T⁻¹, S = Σ + C of each side.
func SpectralPaired(p gmm.Pairs) (CrossCandidate, error) {
	if err := p.WantCertain(); err != nil {
		return CrossCandidate{}, err
	}
	w, err := p.WhitenFisher()
	if err != nil {
		return CrossCandidate{}, err
	}
	visual, text := w.Left, w.Right
	if visual.Means == nil || text.Means == nil {
		return CrossCandidate{Method: "reduced", Form: gmm.WhitenedPairs{Left: visual, Right: text}.Form(nil), Rule: closedForm}, nil
	}
	f, err := newCrossSpectral(p, visual, text)
	if err != nil {
		return CrossCandidate{}, err
	}
	m := f.closed()
	rank, exact := p.MomentRank()
	if !exact {
		rank = f.rank(m)
	}
	return f.crossCandidate("reduced", closedForm, p, m, rank), nil
}

// SpectralPairedBlind minimises the two-modality spectral contrastive loss of p
// over all d_V×d_T matrices by conjugate gradients from a random one, without the
// Fisher subspaces or the closed form.
func SpectralPairedBlind(p gmm.Pairs, o Options) (CrossCandidate, error) {
	if err := p.WantCertain(); err != nil {
		return CrossCandidate{}, err
	}
	w, err := p.WhitenFull()
	if err != nil {
		return CrossCandidate{}, err
	}
	visual, text := w.Left, w.Right
	f, err := newCrossSpectral(p, visual, text)
	if err != nil {
		return CrossCandidate{}, err
	}
	rng := rand.New(rand.NewPCG(o.Seed, 0))
	start := mat.NewDense(len(f.visual.second), len(f.text.second), nil)
	longest := longestColumn(f.visual.means) * longestColumn(f.text.means)
	start.Apply(func(_, _ int, _ float64) float64 { return rng.NormFloat64() / (1 + longest) }, start)
	m := f.descend(start, o.spectralTolerance())
	return f.crossCandidate("blind", byGradients, p, m, f.rank(m)), nil
}

func (f *spectral) crossCandidate(method, rule string, p gmm.Pairs, m *mat.Dense, rank int) CrossCandidate {
	c := CrossCandidate{Method: method, Rule: rule, Rank: rank}
	c.Loss, c.LossError = f.loss(m)
	c.GradientNorm, c.DistanceBound = f.distance(m)
	c.write(p, f.visual.whitened, f.text.whitened, f.turnedBack(m))
	return c
}

// write fills in the form and the factors of a matrix given in whitened
// coordinates, one column a positive singular value as far as min(s_V, s_T): rounding
// made what a blind solve leaves beyond.
func (c *CrossCandidate) write(p gmm.Pairs, visual, text gmm.Whitened, m *mat.Dense) {
	c.Form = gmm.WhitenedPairs{Left: visual, Right: text}.Form(m)
	var svd mat.SVD
	if !svd.Factorize(m, mat.SVDThin) {
		panic(fmt.Sprintf("solver: the singular values of a matrix of norm %g did not converge", mat.Norm(m, 2)))
	}
	c.SingularValues = svd.Values(nil)
	width := 0
	for width < min(len(c.SingularValues), p.Left.FisherDimension().Value, p.Right.FisherDimension().Value) && c.SingularValues[width] > 0 {
		width++
	}
	if width == 0 || c.Rank == 0 {
		return
	}
	var left, right mat.Dense
	svd.UTo(&left)
	svd.VTo(&right)
	leading := func(vectors *mat.Dense, w gmm.Whitened, mixture *gmm.Mixture) (a, coefficients *mat.Dense) {
		rows, _ := vectors.Dims()
		columns := mat.DenseCopyOf(vectors.Slice(0, rows, 0, width))
		scaleColumns(columns, c.SingularValues[:width])
		return w.Columns(mixture, columns), w.Coefficients(columns)
	}
	c.Visual, c.VisualCoefficients = leading(&left, visual, p.Left)
	c.Text, c.TextCoefficients = leading(&right, text, p.Right)
}

// scaleColumns multiplies column j by √values[j]; what rounding made negative counts as 0.
func scaleColumns(a *mat.Dense, values []float64) {
	a.Apply(func(_, j int, x float64) float64 { return x * math.Sqrt(max(0, values[j])) }, a)
}
