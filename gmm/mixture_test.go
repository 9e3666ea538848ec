package gmm_test

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

func read(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	f, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f.Pairs
}

// of is m as one modality with δ = 1.
func of(t rapid.TB, m *gmm.Mixture) gmm.Pairs {
	t.Helper()
	p, err := gmm.NewPairs(m, big.NewRat(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCentreIsExact(t *testing.T) {
	p := read(t, `{"weights": [1, 2, 4], "means": [["1/3", 1], [2, "0.1"], [0, 5]], "covariance": "identity"}`)
	if s := p.Left.FisherDimension(); s != 2 {
		t.Errorf("three means in the plane span %d dimensions, want 2", s)
	}
	c, err := p.Centre()
	if err != nil {
		t.Fatal(err)
	}
	e := c.Left.Exact()
	for i := range 2 {
		sum := new(big.Rat)
		for k, w := range e.Weights {
			sum.Add(sum, new(big.Rat).Mul(w, e.Means[k][i]))
		}
		if sum.Sign() != 0 {
			t.Errorf("coordinate %d of the centred mean is %v, want 0", i, sum)
		}
	}
}

// Centring three means in general position costs one dimension, which floats
// alone would not show.
func TestFisherDimension(t *testing.T) {
	tenths := `{"weights": [1, 3, 7], "means": [["0.1", "0.7", "0.3"], ["0.2", "0.1", "0.9"], ["0.4", "0.5", "0.6"]], "covariance": "identity"}`
	for _, c := range []struct {
		name string
		p    gmm.Pairs
		want int
	}{
		{"raw", read(t, tenths), 3},
		{"centred", centred(t, read(t, tenths)), 2},
		{"duplicates", read(t, `{"weights": [1, 1], "means": [["1/3", 2], ["1/3", 2]], "covariance": "identity"}`), 1},
		{"zero means", read(t, `{"weights": [1, 1], "means": [[0, 0], [0, 0]], "covariance": "identity"}`), 0},
		{"nearly collinear", read(t, `{"weights": [1, 1], "means": [[1, 0], [1, "1e-100"]], "covariance": "identity"}`), 2},
	} {
		if got := c.p.Left.FisherDimension(); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func centred(t *testing.T, p gmm.Pairs) gmm.Pairs {
	t.Helper()
	c, err := p.Centre()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Floats are the dyadic numbers that they are: a last digit apart is apart.
func TestFisherDimensionOfFloats(t *testing.T) {
	identity := mat.NewDense(2, 2, []float64{1, 0, 0, 1})
	for _, c := range []struct {
		name  string
		means []float64
		want  int
	}{
		{"independent", []float64{1, 0, 0, 1}, 2},
		{"equal", []float64{0.1, 0.2, 0.1, 0.2}, 1},
		{"off by rounding", []float64{0.1, 0.3, 0.1, math.Nextafter(0.3, 1)}, 2},
		{"clearly off", []float64{1, 0, 1, 1e-9}, 2},
	} {
		m, err := gmm.New([]float64{1, 1}, mat.NewDense(2, 2, c.means), identity)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.FisherDimension(); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	identity := mat.NewDense(2, 2, []float64{1, 0, 0, 1})
	means := mat.NewDense(2, 2, []float64{1, 0, 0, 1})
	for _, c := range []struct {
		name              string
		weights           []float64
		means, covariance mat.Matrix
		want              error
	}{
		{"NaN weight", []float64{math.NaN(), 1}, means, identity, gmm.ErrNumber},
		{"infinite mean", []float64{1, 1}, mat.NewDense(2, 2, []float64{math.Inf(1), 0, 0, 1}), identity, gmm.ErrNumber},
		{"no weights", nil, means, identity, gmm.ErrShape},
		{"no means", []float64{1}, &mat.Dense{}, identity, gmm.ErrShape},
		{"indefinite", []float64{1, 1}, means, mat.NewDense(2, 2, []float64{1, 2, 2, 1}), gmm.ErrNotPositiveDefinite},
		{"skew", []float64{1, 1}, means, mat.NewDense(2, 2, []float64{1, 2, 0, 9}), gmm.ErrNotSymmetric},
		{"tiny variance", []float64{1, 1}, means, mat.NewDense(2, 2, []float64{1, 0, 0, 1e-40}), gmm.ErrNumber},
	} {
		if _, err := gmm.New(c.weights, c.means, c.covariance); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// hilbert is the mixture with the d×d Hilbert matrix as covariance, whose
// condition number is about e^{3.5d}: the plain example of ill-conditioning.
func hilbert(t *testing.T, d int) *gmm.Mixture {
	t.Helper()
	e := gmm.Exact{Weights: gmm.Rationals(1, 2, 3)}
	for k := range 3 {
		row := make([]*big.Rat, d)
		for i := range row {
			row[i] = big.NewRat(int64((i+2)*(k+1)%7), int64(i+k+1))
		}
		e.Means = append(e.Means, row)
	}
	for i := range d {
		row := make([]*big.Rat, d)
		for j := range row {
			row[j] = big.NewRat(1, int64(i+j+1))
		}
		e.Covariance = append(e.Covariance, row)
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The Gram matrix agrees with exact rational arithmetic to its own error bound,
// and to 18 digits at a condition number of 1e13; from d = 13 on, float64 cannot
// tell that the matrix is positive definite, and rationals take over.
func TestGramOfHilbertMatrices(t *testing.T) {
	for _, d := range []int{2, 6, 10, 14, 20} {
		m := hilbert(t, d)
		g := m.Gram()
		e := m.Exact()
		for i := range 3 {
			for j := range 3 {
				want := hilbertGram(e.Means[i], e.Means[j])
				got := new(big.Rat).SetFloat64(g.G[i][j].Hi)
				got.Add(got, new(big.Rat).SetFloat64(g.G[i][j].Lo))
				diff, _ := got.Sub(got, want).Float64()
				size, _ := want.Float64()
				if off := math.Abs(diff); off > g.Error[i][j] || d <= 10 && off > 1e-18*math.Abs(size) {
					t.Errorf("d = %d: G[%d][%d] is off by %.2g of %.3g, the bound says %.2g", d, i, j, off, size, g.Error[i][j])
				}
			}
		}
	}
}

// hilbertGram is xᵀH⁻¹y by the known inverse of the Hilbert matrix.
func hilbertGram(x, y []*big.Rat) *big.Rat {
	d := int64(len(x))
	binomial := func(n, k int64) *big.Int { return new(big.Int).Binomial(n, k) }
	sum := new(big.Rat)
	for i := int64(1); i <= d; i++ {
		for j := int64(1); j <= d; j++ {
			entry := big.NewInt(i + j - 1)
			entry.Mul(entry, binomial(d+i-1, d-j))
			entry.Mul(entry, binomial(d+j-1, d-i))
			entry.Mul(entry, new(big.Int).Exp(binomial(i+j-2, i-1), big.NewInt(2), nil))
			if (i+j)%2 == 1 {
				entry.Neg(entry)
			}
			term := new(big.Rat).SetInt(entry)
			sum.Add(sum, term.Mul(term, new(big.Rat).Mul(x[i-1], y[j-1])))
		}
	}
	return sum
}

// Both whitenings give means whose Gram matrix is the exact one, to the error they state.
func TestWhiteningKeepsTheGramMatrix(t *testing.T) {
	for _, d := range []int{2, 4, 8} {
		m := hilbert(t, d)
		g := m.Gram().G
		for name, whiten := range map[string]func() (gmm.Whitened, error){"Fisher": m.WhitenFisher, "full": m.WhitenFull} {
			w, err := whiten()
			if err != nil {
				t.Fatal(err)
			}
			for i := range 3 {
				for j := range 3 {
					got := mat.Dot(w.Means.ColView(i), w.Means.ColView(j))
					off := math.Abs(got - g[i][j].Float64())
					if allowed := 4 * w.Error * math.Sqrt(g[i][i].Float64()*g[j][j].Float64()); off > allowed {
						t.Errorf("d = %d, %s: Gram entry (%d, %d) is off by %.2g, the whitening allows %.2g", d, name, i, j, off, allowed)
					}
				}
			}
		}
	}
}

// A form written from whitened coordinates is the same matrix in either frame.
func TestFormsAgree(t *testing.T) {
	m := hilbert(t, 3)
	fisher, err := m.WhitenFisher()
	if err != nil {
		t.Fatal(err)
	}
	full, err := m.WhitenFull()
	if err != nil {
		t.Fatal(err)
	}
	identity := mat.NewDiagDense(3, []float64{1, 1, 1})
	one, two := fisher.Form(identity).Matrix(of(t, m)), full.Form(identity).Matrix(of(t, m)) // both are Σ⁻¹
	var diff mat.Dense
	diff.Sub(one, two)
	if off := mat.Norm(&diff, 2) / mat.Norm(one, 2); off > 1e-13 {
		t.Errorf("the two forms differ by %.2g", off)
	}
}

func TestSamplerMatchesMoments(t *testing.T) {
	p := read(t, `{"weights": [1, 3], "means": [[2, 0], [-1, 1]], "covariance": [[2, 1], [1, 1]]}`)
	s, err := p.NewSampler(rand.New(rand.NewPCG(5, 6)))
	if err != nil {
		t.Fatal(err)
	}
	const n = 200000
	sum, cross := make([]float64, 2), 0.0
	first := 0
	for range n {
		k := s.Component()
		x := s.Left(k)
		sum[0] += x[0]
		sum[1] += x[1]
		cross += x[0] * x[1]
		if k == 0 {
			first++
		}
	}
	// μ̄ = (−¼, ¾); E x₀x₁ = 1 + ¼·0 + ¾·(−1); standard errors below 0.006.
	for _, c := range []struct {
		name      string
		got, want float64
	}{{"E x0", sum[0] / n, -0.25}, {"E x1", sum[1] / n, 0.75}, {"E x0x1", cross / n, 0.25}, {"P(first)", float64(first) / n, 0.25}} {
		if math.Abs(c.got-c.want) > 0.03 {
			t.Errorf("%s = %.4f, want %.4f", c.name, c.got, c.want)
		}
	}
	half, err := p.WithDelta(big.NewRat(1, 2))
	if err != nil {
		t.Fatal(err)
	}
	if s, err = half.NewSampler(rand.New(rand.NewPCG(5, 7))); err != nil {
		t.Fatal(err)
	}
	shared := 0
	for range n {
		if _, _, a, b := s.Pair(); a == b {
			shared++
		}
	}
	if got, want := float64(shared)/n, 0.5+0.5*(1.0/16+9.0/16); math.Abs(got-want) > 0.006 {
		t.Errorf("pairs share a component with frequency %.4f, want %.4f", got, want)
	}
}

func TestUninformative(t *testing.T) {
	for text, want := range map[string]bool{
		`{"weights": [1], "means": [[3]], "covariance": "identity"}`:                          true,
		`{"weights": [1, 2], "means": [["1/3"], ["1/3"]], "covariance": "identity"}`:          true,
		`{"weights": [1, 2], "means": [["1/3"], ["0.3333333333"]], "covariance": "identity"}`: false,
		`{"weights": [1, 2], "means": [[1], [2]], "covariance": "identity", "delta": 0}`:      true,
	} {
		if got := read(t, text).Uninformative(); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
