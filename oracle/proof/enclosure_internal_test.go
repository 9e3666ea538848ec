package proof

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"

	"pgregory.net/rapid"
)

// rapidCases are integrals in multiple precision each.
const rapidCases = 40

func TestMain(m *testing.M) {
	enough.Checks(rapidCases)
	m.Run()
}

func read(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	f, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f.Pairs
}

func coordinatesOf(t testing.TB, p gmm.Pairs) coordinates {
	t.Helper()
	x, err := InfoNCE.newCoordinates(p, 1)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// drawn is a mixture of up to four components with correlated coordinates, and a symmetric N of its coordinates.
type drawn struct {
	pairs gmm.Pairs
	n     rational.Matrix
}

func (d drawn) GoString() string { return fmt.Sprintf("%#v, N = %v", d.pairs, d.n) }

func drawnMixture(components, dimension int) *rapid.Generator[drawn] {
	return rapid.Custom(func(t *rapid.T) drawn {
		number := func(size int, label string) *big.Rat {
			return big.NewRat(int64(rapid.IntRange(-4*size, 4*size).Draw(t, label)), 4)
		}
		e := gmm.Exact{Covariance: rational.New(dimension, dimension)}
		for range components {
			e.Weights = append(e.Weights, big.NewRat(int64(rapid.IntRange(1, 8).Draw(t, "weight")), 1))
			row := make([]*big.Rat, dimension)
			for i := range row {
				row[i] = number(2, "mean")
			}
			e.Means = append(e.Means, row)
		}
		root := rational.New(dimension, dimension)
		for i := range dimension {
			for j := range i {
				root[i][j] = number(1, "covariance")
			}
			root[i][i] = big.NewRat(int64(rapid.IntRange(2, 6).Draw(t, "deviation")), 4)
		}
		e.Covariance = rational.Matrix(root).Times(rational.Matrix(root).Transposed())
		m, err := gmm.NewExact(e)
		if err != nil {
			t.Fatalf("a drawn mixture is refused: %v", err)
		}
		p, err := gmm.NewPairs(m, big.NewRat(int64(rapid.IntRange(0, 8).Draw(t, "δ")), 8))
		if err != nil {
			t.Fatalf("drawn pairs are refused: %v", err)
		}
		x, err := InfoNCE.newCoordinates(p, 1)
		if err != nil {
			t.Fatalf("drawn pairs have no coordinates: %v", err)
		}
		s := x.dimension()
		n := rational.New(s, s)
		for i := range s {
			for j := i; j < s; j++ {
				// Of the size of a minimiser: entries count by the lengths of their means.
				entry := number(1, "N")
				n[i][j] = shortRat(entry.Quo(entry, new(big.Rat).Add(big.NewRat(1, 1), new(big.Rat).Add(x.gram[i][i], x.gram[j][j]))))
				n[j][i] = n[i][j]
			}
		}
		return drawn{p, n}
	})
}

// The integrals over components are enclosed whatever the accuracy: what a coarse rule encloses
// overlaps what a fine one does. A bound that misses a part of the error fails here.
func TestCoarseRulesEncloseWhatFineRulesEnclose(t *testing.T) {
	t.Parallel()
	cases, telling := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d := drawnMixture(rapid.IntRange(2, 3).Draw(t, "K"), 2).Draw(t, "mixture")
		bits := rapid.IntRange(1, 10).Draw(t, "accuracy")
		x, err := InfoNCE.newCoordinates(d.pairs, 1)
		if err != nil {
			t.Fatalf("no coordinates: %v", err)
		}
		softmax, _ := x.contrasts(d.n)
		c := interval.NewContext(40)
		coarse, err := newRule(c, softmax, tolerance(uint(bits)))
		if err != nil {
			t.Skip(err.Error())
		}
		fine, err := newRule(c, softmax, tolerance(16)) // finer than the finest coarse one by 6 bits
		if err != nil {
			t.Skip(err.Error())
		}
		cases++
		fault := ""
		for j := range x.weights {
			a, b := softmax.moments(c, coarse, j), softmax.moments(c, fine, j)
			for i, row := range a {
				for k := range row {
					if !row[k].Overlaps(b[i][k]) {
						fault = "a moment of the softmax"
					}
					if row[k].Width().Cmp(big.NewFloat(1e-3)) > 0 {
						telling++
					}
				}
			}
			if !softmax.logPartition(c, coarse, j).Overlaps(softmax.logPartition(c, fine, j)) {
				fault = "the logarithm of the partition function"
			}
		}
		if c.Err() != nil {
			fault = "arithmetic: " + c.Err().Error()
		}
		if fault != "" {
			t.Fatalf("not enclosed by a coarse rule: %s", fault)
		}
	})
	enough.Drawn(t, "cases", cases, rapidCases/2)
	enough.Drawn(t, "wide enclosures", telling, rapidCases/2)
}

// The bound of the error is not idle: without it, coarse rules miss what fine rules enclose.
func TestCoarseRulesNeedTheirBound(t *testing.T) {
	x := coordinatesOf(t, read(t, `{"weights": [1, 3, 2], "means": [[2, 0], [0, 1], [-1, -2]], "covariance": "identity"}`))
	n := rational.New(2, 2)
	n[0][0], n[1][1] = big.NewRat(1, 8), big.NewRat(1, 4)
	softmax, _ := x.contrasts(n)
	c := interval.NewContext(64)
	missed := 0
	for _, bits := range []uint{1, 2, 3, 4, 5, 6} {
		coarse, err := newRule(c, softmax, tolerance(bits))
		if err != nil {
			t.Fatal(err)
		}
		fine, err := newRule(c, softmax, tolerance(26))
		if err != nil {
			t.Fatal(err)
		}
		bare := coarse
		bare.momentError = c.FromInt(0)
		a, b := softmax.moments(c, bare, 0), softmax.moments(c, fine, 0)
		if !a[0][1].Overlaps(b[0][1]) {
			missed++
		}
	}
	if missed < 4 {
		t.Errorf("%d of 6 coarse rules miss the integral without their bound, want at least 4", missed)
	}
}

// Γ is the gradient of f: along any symmetric V, a central difference of the loss is tr(gΓgV).
func TestGradientIsTheLossesSlope(t *testing.T) {
	t.Parallel()
	cases := 0
	rapid.Check(t, func(t *rapid.T) {
		d := drawnMixture(2, 2).Draw(t, "mixture")
		x, err := InfoNCE.newCoordinates(d.pairs, 1)
		if err != nil || x.dimension() == 0 {
			t.Skip("no direction to move in")
		}
		s := x.dimension()
		v := rational.New(s, s)
		for i := range s {
			for j := i; j < s; j++ {
				v[i][j] = big.NewRat(int64(rapid.IntRange(-4, 4).Draw(t, "V")), 16)
				v[j][i] = v[i][j]
			}
		}
		// Of the step, by whose square times a third derivative the difference errs; and of the integrals, far fewer than
		// 2^−bits of that.
		const bits, accuracy = 24, 56
		c := interval.NewContext(88)
		step := new(big.Rat).SetFrac64(1, 1<<bits)
		above, errAbove := x.loss(c, d.n.Plus(step, v), tolerance(accuracy))
		below, errBelow := x.loss(c, d.n.Plus(new(big.Rat).Neg(step), v), tolerance(accuracy))
		gamma, errGamma := infoNCE{x}.gradient(c, point{form: d.n}, tolerance(accuracy))
		if errAbove != nil || errBelow != nil || errGamma != nil {
			t.Skip("out of reach")
		}
		cases++
		difference := c.Ldexp(c.Sub(above, below), bits-1)
		gvg := x.gram.Times(v).Times(x.gram)
		slope := c.FromInt(0)
		for i := range s {
			for j := range s {
				slope = c.Add(slope, c.Mul(gamma.form[i][j], c.FromRat(gvg[j][i])))
			}
		}
		gap, _ := c.Abs(c.Sub(difference, slope)).Upper().Float64()
		// Third derivative along V: cumulants of logits that move by at most some hundreds here.
		const third = 1e8
		if gap > third/(1<<bits)/(1<<bits) {
			t.Fatalf("a central difference of the loss and the gradient differ by more than the step explains")
		}
	})
	enough.Drawn(t, "cases", cases, rapidCases/2)
}

// ε is at least the distance to any other point with its own gradient, by strong convexity:
// ‖N − N'‖ ≤ ‖∇f(N) − ∇f(N')‖ ≤ ε + ε'.
func TestEpsilonBoundsDistances(t *testing.T) {
	t.Parallel()
	cases := 0
	rapid.Check(t, func(t *rapid.T) {
		d := drawnMixture(rapid.IntRange(1, 3).Draw(t, "K"), 2).Draw(t, "mixture")
		x, err := InfoNCE.newCoordinates(d.pairs, 1)
		if err != nil || x.dimension() == 0 {
			t.Skip("no direction to move in")
		}
		s := x.dimension()
		zero := rational.New(s, s)
		a, errA := infoNCE{x}.epsilon(d.n, effort{64, 30})
		b, errB := infoNCE{x}.epsilon(zero, effort{64, 30})
		if errA != nil || errB != nil {
			t.Skip("out of reach")
		}
		cases++
		c := interval.NewContext(64)
		gap := make(enclosed, s)
		for i := range s {
			for j := range s {
				gap[i] = append(gap[i], c.FromRat(d.n[i][j]))
			}
		}
		distance, _ := gap.norm(c, x.gram).Lower().Rat(nil)
		if distance.Cmp(a.Add(a, b)) > 0 {
			t.Fatalf("two points are farther apart than their gradients allow")
		}
	})
	enough.Drawn(t, "cases", cases, rapidCases/2)
}

// The signs of λ_min that are claimed are those of an eigenvalue computed otherwise: of 2×2 matrices, by the determinant.
func TestSignsNeedMoreThanEpsilon(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	x := coordinatesOf(t, read(t, `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": [[2, 1], [1, 3]]}`))
	decided := 0
	for range 500 {
		entry := func() *big.Rat { return big.NewRat(int64(rng.IntN(2001)-1000), 1000) }
		n := rational.New(2, 2)
		n[0][0], n[1][1] = entry(), entry()
		n[0][1] = entry()
		n[1][0] = n[0][1]
		epsilon := big.NewRat(int64(rng.IntN(500)), 1000)
		// whitened eigenvalues ∓ ε are those of N ∓ ε g⁻¹ up to congruence
		shifted := func(t *big.Rat) (trace, determinant int) {
			m := x.gram.Times(n.Plus(t, rational.Inverse(x.gram)))
			d := new(big.Rat).Sub(new(big.Rat).Mul(m[0][0], m[1][1]), new(big.Rat).Mul(m[0][1], m[1][0]))
			return m.Trace().Sign(), d.Sign()
		}
		trace, determinant := shifted(new(big.Rat).Neg(epsilon))
		if holds := trace > 0 && determinant > 0; holds != (x.confirmation(n, ball{epsilon, x.gram}).Sign() > 0) && epsilon.Sign() > 0 {
			t.Fatalf("N = %v, ε = %v: confirmed is not %v", n, epsilon, holds)
		} else if holds {
			decided++
		}
		trace, determinant = shifted(epsilon)
		if refuted := trace < 0 || determinant < 0; x.refutation(n, x.leastDirection(n), ball{epsilon, x.gram}).Sign() > 0 {
			decided++
			if !refuted {
				t.Fatalf("N = %v, ε = %v: refuted where λ_min + ε ≥ 0", n, epsilon)
			}
		}
	}
	if decided < 100 {
		t.Errorf("%d decided, want at least 100", decided)
	}
}
