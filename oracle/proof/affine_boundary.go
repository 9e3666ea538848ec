package proof

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
)

// existence is the property of a certificate that says that no affine minimiser exists.
const existence = "existence"

// Boundary is near the minimiser (M*, c*) of the loss of affine maps over M ⪰ 0, where M* is singular on S_c, and shows that c* is not in the range of M*: products
// {(AAᵀ, Ab)} are {M ⪰ 0, c ∈ range M}, which is not closed, and no (A, b) attains the infimum, L(M*, c*).
type Boundary struct {
	Minimiser rational.Matrix // N ⪰ 0, s×s, of rank s − 1, M̂ = Σ⁻¹W N WᵀΣ⁻¹
	Shift     []*big.Rat      // γ, s numbers, ĉ = Σ⁻¹Wγ
	Kernel    []*big.Rat      // k, s numbers, not all 0: Ngk = 0, so that M̂v = 0 for v = Wk
	Dual      *big.Rat        // ζ ≥ 0: near (M*, c*) the gradient Γ is about ζkkᵀ
}

// bounding is the JSON object of a Boundary.
type bounding struct {
	Minimiser [][]string `json:"minimiser"`
	Shift     []string   `json:"shift"`
	Kernel    []string   `json:"kernel"`
	Dual      string     `json:"dual"`
}

func (b *Boundary) written() *bounding {
	return &bounding{formatMatrix(b.Minimiser), formatRow(b.Shift), formatRow(b.Kernel), b.Dual.RatString()}
}

func (b *bounding) boundary() (*Boundary, error) {
	out := new(Boundary)
	var failures [3]error
	out.Shift, failures[0] = parseRow(b.Shift)
	out.Kernel, failures[1] = parseRow(b.Kernel)
	out.Dual, failures[2] = gmm.ParseNumber(b.Dual)
	for _, row := range b.Minimiser {
		numbers, failure := parseRow(row)
		out.Minimiser, failures[2] = append(out.Minimiser, numbers), errors.Join(failures[2], failure)
	}
	return out, errors.Join(failures[:]...)
}

// attaining turns what is proved of M_u into what that says of A*: of affine maps a refutation of equality needs that A* exists.
func (c Certificate) attaining(x coordinates, t Theorem) (Theorem, error) {
	refuted := c.Loss.Words() == Affine.Words() && t.Verdict == oracle.Refuted
	switch {
	case c.Boundary == nil && !refuted:
		return t, nil
	case c.Boundary == nil && attained(c.Pairs):
		return t, nil
	case c.Boundary == nil:
		return Theorem{}, refused("a mixture that is its own mirror image about its mean, so that c* is in the range of M*", "another")
	case !refuted:
		return Theorem{}, refused("no boundary", "one")
	}
	if err := c.fitting(x); err != nil {
		return Theorem{}, err
	}
	off, err := affine{x}.offRange(*c.Boundary, effort{c.Precision, c.Accuracy})
	t.By, t.OffRange = ByRange, off
	return t, err
}

// fitting checks shapes and limits of a boundary.
func (c Certificate) fitting(x coordinates) error {
	s, b := x.dimension(), c.Boundary
	if err := x.fits(b.Minimiser); err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if len(b.Shift) != s || len(b.Kernel) != s || zero(b.Kernel) {
		return refused("a boundary of a shift and a kernel of %d numbers", "%d and %d, or 0", s, len(b.Shift), len(b.Kernel))
	}
	return c.bounded(slices.Concat(b.Minimiser, [][]*big.Rat{b.Shift, b.Kernel, {b.Dual}}))
}

// offRange bounds from below the length of the part of c* that is not in the range of M*, if M* is singular on S_c; it is ErrRefused where there is none.
//
// M̂ ⪰ 0 with M̂v₀ = 0 for the unit vector v₀ along Wk, M̂ ⪰ λ > 0 across v₀, and Z = ζWkkᵀWᵀ ⪰ 0 has ⟨Z, M̂⟩ = 0. By strong convexity and as (M*, c*) is the best and ⟨Z, M*⟩ ≥ 0,
//
//	|(M̂ − M*, ĉ − c*)|² ≤ ⟨∇L(M̂, ĉ), (M̂ − M*, ĉ − c*)⟩ ≤ ⟨(∇_M L − Z, ∇_c L), (M̂ − M*, ĉ − c*)⟩ ≤ ε |(M̂ − M*, ĉ − c*)|,   ε = |(∇_M L − Z, ∇_c L)|.
//
// A unit vector v on S_c with M*v = 0 has |M̂v| ≤ ε, so that its part across v₀ is at most t = ε/λ. If t < 1, with ĉ = βv₀ + α, α across v₀,
//
//	|c*·v| ≥ |β|√(1 − t²) − |α|t − ε,
//
// which is 0 for a c* in the range of M*.
func (x affine) offRange(b Boundary, e effort) (*big.Rat, error) {
	q := x.gram.Apply(b.Kernel)
	square := rational.Dot(b.Kernel, q) // |Wk|²
	switch {
	case b.Dual.Sign() < 0:
		return nil, refused("a dual ≥ 0", "%s", short(b.Dual))
	case !zero(b.Minimiser.Apply(q)):
		return nil, refused("a kernel of the boundary's minimiser", "another vector")
	}
	least := x.leastAcross(b, square)
	if least.Sign() <= 0 {
		return nil, refused("a boundary's minimiser that is positive but for its kernel", "another")
	}
	at := point{form: b.Minimiser, shift: b.Shift}
	if err := x.near(at); err != nil {
		return nil, err
	}
	c := interval.NewContext(e.precision)
	found, err := x.gradient(c, at, tolerance(e.accuracy))
	if err != nil {
		return nil, err
	}
	z := rational.Outer(b.Kernel, b.Kernel).Scaled(b.Dual)
	for i, row := range found.form {
		for j := range row {
			row[j] = c.Sub(row[j], c.FromRat(z[i][j]))
		}
	}
	epsilon := found.norm(c, x.gram)
	share := c.Quo(epsilon, c.FromRat(least))
	rest := c.Sub(c.FromInt(1), c.Sqr(share))
	if err := c.Err(); err != nil {
		return nil, err
	}
	if rest.Sign() <= 0 {
		return nil, refused("a gradient at the boundary that is the dual's", "another, by up to %s", short(shortened24(epsilon.Upper(), big.ToPositiveInf)))
	}
	along := rational.Dot(b.Shift, q)
	along.Mul(along, along).Quo(along, square) // β²
	across := x.gram.Form(b.Shift, b.Shift)
	across.Sub(across, along)
	off := c.Sub(c.Mul(c.Sqrt(c.FromRat(along)), c.Sqrt(rest)), c.Add(c.Mul(c.Sqrt(c.FromRat(across)), share), epsilon))
	if err := c.Err(); err != nil {
		return nil, err
	}
	lower := shortened24(off.Lower(), big.ToZero)
	if lower.Sign() <= 0 {
		return nil, refused("a c* that leaves the range of M*", "a part off it of %s at least", short(lower))
	}
	return lower, nil
}

// leastAcross returns a λ with M̂ ⪰ λ across the kernel, in whitened coordinates: N − λg⁻¹ + (λ + 1)kkᵀ/|Wk|² is positive definite. It is 0 where none is found.
func (x affine) leastAcross(b Boundary, square *big.Rat) *big.Rat {
	inverse := rational.Inverse(x.gram)
	kernel := rational.Outer(b.Kernel, b.Kernel).Scaled(new(big.Rat).Inv(square))
	above := func(m *big.Rat) bool {
		return rational.Definite(b.Minimiser.Plus(new(big.Rat).Neg(m), inverse).Plus(new(big.Rat).Add(m, big.NewRat(1, 1)), kernel))
	}
	return bisected(above, b.Minimiser.Times(x.gram).Trace())
}

// bounding returns a boundary that is near a candidate for (M*, c*), which is as good as that is, of a certificate that refutes M_u ≻ 0 on S_c; it raises the
// certificate's effort where that helps.
func (l Limit) bounding(c *Certificate, candidate Representation) (*Boundary, error) {
	x, err := Affine.newCoordinates(c.Pairs, l)
	if err != nil {
		return nil, err
	}
	open := fmt.Errorf("%w: %w", ErrNotProved, errRange)
	if candidate.Form.N == nil || candidate.Shift == nil {
		return nil, open
	}
	of := affine{x}
	const worthwhile = 64 // bits of accuracy, of candidates in float64
	for e := (effort{c.Precision, c.Accuracy}); e.accuracy <= max(worthwhile, c.Accuracy); e = e.finer() {
		b, err := of.boundary(candidate, e)
		if err != nil {
			return nil, err
		}
		if _, err := of.offRange(b, e); err == nil {
			c.Precision, c.Accuracy = e.precision, e.accuracy
			return &b, nil
		} else if !errors.Is(err, ErrRefused) {
			return nil, err
		}
	}
	return nil, open
}

// boundary is a candidate without the part of M along its least direction, with the best dual.
func (x affine) boundary(candidate Representation, e effort) (b Boundary, err error) {
	const bits = 64 // of a candidate in float64, and more
	at := x.rounded(point{form: x.coefficients(candidate.Form), shift: x.functional(candidate.Shift)}, bits)
	b.Kernel, b.Shift = x.leastDirection(at.form), at.shift
	q := x.gram.Apply(b.Kernel)
	square := rational.Dot(b.Kernel, q)
	turn := rational.Identity(x.dimension()).Plus(new(big.Rat).Neg(new(big.Rat).Inv(square)), rational.Outer(b.Kernel, q))
	b.Minimiser = turn.Times(at.form).Times(turn.Transposed())
	c := interval.NewContext(e.precision)
	found, err := x.gradient(c, point{form: b.Minimiser, shift: b.Shift}, tolerance(e.accuracy))
	if err != nil {
		return b, err
	}
	along := c.NewSum() // qᵀΓq
	for i, row := range found.form {
		for j, entry := range row {
			along.AddMul(c.FromRat(new(big.Rat).Mul(q[i], q[j])), entry)
		}
	}
	b.Dual, _ = along.Interval().Upper().Rat(nil)
	b.Dual.Quo(b.Dual, square.Mul(square, square))
	b.Dual = dyadic(b.Dual, bits)
	if b.Dual.Sign() < 0 {
		b.Dual = new(big.Rat)
	}
	return b, c.Err()
}
