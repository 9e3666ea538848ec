package comparison

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle/subspace"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// Projection names a way to choose a subspace, on which data are then projected
// orthogonally.
type Projection string

// The projections, in the order of tables.
const (
	// Original is the whole space.
	Original Projection = "original"
	// Random is drawn uniformly.
	Random Projection = "random"
	// SVD is spanned by the leading eigenvectors of E[xxᵀ].
	SVD Projection = "svd"
	// LDA is spanned by the leading directions of linear discriminant analysis.
	LDA Projection = "lda"
	// InfoNCE is Col(A*), A* minimising the InfoNCE loss.
	InfoNCE Projection = "infonce"
	// Trained is the column space of the encoder that minimises a loss on the training samples themselves.
	Trained Projection = "trained"
)

// Endings of the names of projections: own, where a loss learns of classes that have covariances of their own, beside one for all; centred, where a loss learns of a centred mixture, beside one as it is; scaled, where samples are mapped by A, whose columns have
// the lengths that the loss gives them.
const centredEnding, ownEnding, scaled = "-centred", "-own", "-scaled"

// Centred is the name of what a loss learns of a centred mixture, beside that of one as it is.
func (p Projection) Centred() Projection { return p + centredEnding }

// Own is the name of what a loss learns of classes that have covariances of their own, beside what it learns of one for all.
func (p Projection) Own() Projection { return p + ownEnding }

// Name is what people call the projection: that of another loss is its label.
func (p Projection) Name() string {
	if of, ok := strings.CutSuffix(string(p), scaled); ok {
		return Projection(of).Name() + ", scaled"
	}
	if of, ok := strings.CutSuffix(string(p), centredEnding); ok {
		return Projection(of).Name() + " centred"
	}
	if of, ok := strings.CutSuffix(string(p), ownEnding); ok {
		return Projection(of).Name() + ", own covariances"
	}
	return cmp.Or(map[Projection]string{Original: "original", Random: "random", SVD: "SVD", LDA: "LDA", InfoNCE: "InfoNCE"}[p], string(p))
}

// representation is an orthonormal basis, d×r, and what chose its span; or also the A, d×r, that samples are mapped by in the basis's place.
type representation struct {
	projection Projection
	basis, a   *mat.Dense
}

// spanned is the representation of a subspace.
func spanned(by Projection, a *mat.Dense) representation {
	return representation{projection: by, basis: subspace.Orthonormal(a)}
}

// lengths is the same with the lengths of A's columns.
func lengths(by Projection, a *mat.Dense) representation {
	return representation{by + scaled, subspace.Orthonormal(a), a}
}

// learn returns the representations that a mixture determines, of rank columns
// where the projection has so many: those of InfoNCE and of other losses last.
func learn(p gmm.Pairs, rank int, seed uint64, others ...losses.Loss) ([]representation, error) {
	if p.Uninformative() {
		return nil, ErrUninformative
	}
	lda, err := subspace.LDA(p.Left, rank)
	if err != nil {
		return nil, err
	}
	identity := mat.NewDense(p.Left.Dimension(), p.Left.Dimension(), nil)
	for i := range p.Left.Dimension() {
		identity.Set(i, i, 1)
	}
	learned := []representation{{Original, identity, nil}, {SVD, subspace.SVD(p.Left, rank).Basis, nil}, {LDA, lda, nil}}
	contrastive, err := learnContrastively(p, rank, seed, others)
	return append(learned, contrastive...), err
}

// learnContrastively returns the representations of InfoNCE and other losses.
func learnContrastively(p gmm.Pairs, rank int, seed uint64, others []losses.Loss) (learned []representation, err error) {
	for _, l := range append([]losses.Loss{losses.InfoNCE}, others...) {
		a, err := minimise(l, p, rank, seed)
		if err != nil {
			return nil, err
		}
		learned = append(learned, spanned(Projection(l.Label()), a))
	}
	return learned, nil
}

// both returns what losses learn of a raw mixture before what they learn of it centred, after the rest.
func both(learned, raw []representation) []representation {
	first := len(learned) - len(raw)
	out := append(slices.Clone(learned[:first]), raw...)
	for _, r := range learned[first:] {
		r.projection = r.projection.Centred()
		out = append(out, r)
	}
	return out
}

// minimise returns a loss's minimiser of at most rank columns: the global one
// where they can hold it, else the best stationary point found.
func minimise(l losses.Loss, p gmm.Pairs, rank int, seed uint64) (*mat.Dense, error) {
	if err := l.Admit(p); err != nil {
		return nil, err
	}
	p, err := l.Sees(p)
	if err != nil {
		return nil, err
	}
	var o solver.Options
	if rank < p.Left.FisherDimension() {
		o = solver.Options{Method: solver.Factored, Columns: rank, Starts: 5, Seed: seed}
	}
	found, err := solver.Minimise(l.Solver, p, o)
	if err == nil && found.Constrained.Left.Columns == nil { // M* = 0 to rounding
		err = ErrUninformative
	}
	return found.Constrained.Left.Columns, err
}

// withRandom inserts a random projection in its place, after the original.
func withRandom(learned []representation, rank int, rng *rand.Rand) []representation {
	d, _ := learned[0].basis.Dims()
	return slices.Insert(slices.Clone(learned), 1, representation{Random, subspace.Random(d, rank, rng), nil})
}
