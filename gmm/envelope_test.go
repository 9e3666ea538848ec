package gmm_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// naive is the closure of A⁻¹u under all A⁻¹B by rational elimination, as columns of a basis.
func naive(a [][]*big.Rat, operators [][][]*big.Rat, vectors [][]*big.Rat) (span [][]*big.Rat) {
	inverse := rationalInverse(a)
	waiting := vectors
	for len(waiting) > 0 {
		v := product(inverse, [][]*big.Rat{waiting[0]})[0]
		waiting = waiting[1:]
		if wider := append(span[:len(span):len(span)], v); len(gmm.IndependentColumns(turned(wider))) == len(wider) {
			span = wider
			for _, b := range operators {
				waiting = append(waiting, product(b, [][]*big.Rat{v})[0])
			}
		}
	}
	return span
}

// product returns the rows Ax of the rows x.
func product(a, xs [][]*big.Rat) [][]*big.Rat {
	out := make([][]*big.Rat, len(xs))
	for i, x := range xs {
		for _, row := range a {
			sum := new(big.Rat)
			for j, v := range row {
				if v.Sign() != 0 && x[j].Sign() != 0 {
					sum.Add(sum, new(big.Rat).Mul(v, x[j]))
				}
			}
			out[i] = append(out[i], sum)
		}
	}
	return out
}

// turned is the transpose.
func turned(a [][]*big.Rat) [][]*big.Rat {
	out := make([][]*big.Rat, len(a[0]))
	for i := range out {
		for _, row := range a {
			out[i] = append(out[i], row[i])
		}
	}
	return out
}

// rationalInverse inverts a positive definite matrix by Gauss and Jordan.
func rationalInverse(a [][]*big.Rat) [][]*big.Rat {
	n := len(a)
	left, right := gmm.IdentityRows(n), gmm.IdentityRows(n)
	for i, row := range a {
		for j, x := range row {
			left[i][j].Set(x)
		}
	}
	term := new(big.Rat)
	for c := range n {
		scale := new(big.Rat).Inv(left[c][c])
		for j := range n {
			left[c][j].Mul(left[c][j], scale)
			right[c][j].Mul(right[c][j], scale)
		}
		for i := range n {
			factor := new(big.Rat).Set(left[i][c])
			if i == c || factor.Sign() == 0 {
				continue
			}
			for j := range n {
				left[i][j].Sub(left[i][j], term.Mul(factor, left[c][j]))
				right[i][j].Sub(right[i][j], term.Mul(factor, right[c][j]))
			}
		}
	}
	return right
}

// checkSpace compares what is known of an envelope with a basis of it, given by its vectors.
func checkSpace(t interface{ Fatalf(string, ...any) }, name string, e *gmm.Envelope, d, fisher int, want [][]*big.Rat) {
	least, most := e.Bounds()
	if !e.Known() || least != len(want) || most != len(want) || e.Dimension() != len(want) {
		t.Fatalf("%s: dimension %d to %d, known %v, want %d", name, least, most, e.Known(), len(want))
	}
	if e.Invariant() != (len(want) == fisher) || e.Leaves() != (len(want) > fisher) {
		t.Fatalf("%s: dimension %d, %d of the Fisher subspace: invariant %v, leaves it %v", name, len(want), fisher, e.Invariant(), e.Leaves())
	}
	v := e.Basis()
	if len(v) != d || len(v[0]) != len(want) {
		t.Fatalf("%s: a basis of %d×%d, want %d×%d", name, len(v), len(v[0]), d, len(want))
	}
	if len(want) == 0 {
		return
	}
	for _, row := range v {
		for _, x := range row {
			if f, _ := x.Float64(); math.Abs(f) >= 0x1p64 {
				t.Fatalf("%s: an entry of %v", name, f)
			}
		}
	}
	both := append(turned(v), want...)
	if independent := gmm.IndependentColumns(turned(both)); len(independent) != len(want) || independent[len(want)-1] != len(want)-1 {
		t.Fatalf("%s: the basis %v does not span the envelope", name, v)
	}
}

// Each subspace is what elimination in rationals makes of its definition.
func TestEnvelopesByDefinition(t *testing.T) {
	t.Parallel()
	draw := rapid.OneOf(generators.GeneralOf(1, 4, 1, 4), generators.Enveloped())
	rapid.Check(t, func(t *rapid.T) {
		m := draw.Draw(t, "mixture")
		e, d := m.Exact(), m.Dimension()
		pooled := m.Pooled().Exact().Covariance
		var differences, ranges [][]*big.Rat
		for _, mean := range e.Means[1:] {
			differences = append(differences, minus(mean, e.Means[0]))
		}
		for _, own := range e.Covariances {
			for i, row := range own {
				ranges = append(ranges, minus(row, pooled[i]))
			}
		}
		checkSpace(t, "envelope", m.Envelope(), d, m.FisherDimension(), naive(pooled, e.Covariances, e.Means))
		checkSpace(t, "of differences", m.EnvelopeOfDifferences(), d, m.DifferenceDimension(), naive(pooled, e.Covariances, differences))
		checkSpace(t, "central", m.CentralSubspace(), d, m.DifferenceDimension(), naive(pooled, nil, append(ranges, differences...)))
	})
}

func minus(x, y []*big.Rat) []*big.Rat {
	out := make([]*big.Rat, len(x))
	for i := range x {
		out[i] = new(big.Rat).Sub(x[i], y[i])
	}
	return out
}

// plan is a mixture whose envelope is known: Σ̄ = TTᵀ and Σ_k = T(I + c_kJ)Tᵀ with Σ w_kc_k = 0, means along Te₁, and J tridiagonal, with nothing beside
// its diagonal that is 0 but the entry after the first e. As e₁ generates the e first coordinates under J, and with a leak
// there all of them, the envelope is spanned by as many columns of T⁻ᵀ.
type plan struct {
	components, dimension, envelope int
	leak                            *big.Rat // the entry, 0 unless it is to make the envelope R^d
	shears, reflections             int      // what T is made of besides a permutation
}

// planted returns the mixture and the vectors that span its envelope.
func (p plan) planted(t testing.TB, r *rand.Rand) (*gmm.Mixture, [][]*big.Rat) {
	t.Helper()
	d := p.dimension
	j := gmm.IdentityRows(d)
	for i := range d {
		j[i][i].SetFrac64(int64(r.IntN(9)-4), 16)
		if i > 0 {
			j[i][i-1].SetFrac64(int64(1+r.IntN(4)), 16)
			if i == p.envelope {
				j[i][i-1].Set(p.leak)
			}
			j[i-1][i] = j[i][i-1]
		}
	}
	e := gmm.Exact{Weights: make([]*big.Rat, p.components)}
	shares, total, mean := make([]*big.Rat, p.components), new(big.Rat), new(big.Rat)
	for k := range shares {
		e.Weights[k] = big.NewRat(int64(1+r.IntN(5)), 1)
		shares[k] = big.NewRat(int64(k), int64(2*p.components))
		total.Add(total, e.Weights[k])
		mean.Add(mean, new(big.Rat).Mul(e.Weights[k], shares[k]))
	}
	mean.Quo(mean, total)
	changes := p.mixing(r)
	first := make([][]*big.Rat, d) // Te₁
	for i := range first {
		first[i] = gmm.IdentityRows(d)[i][:1]
	}
	inverse := gmm.IdentityRows(d) // T⁻ᵀ
	for _, c := range changes {
		c.apply(first)
		c.back(inverse)
	}
	for k := range shares {
		shares[k].Sub(shares[k], mean)
		own := gmm.IdentityRows(d)
		for a := range d {
			for b := range d {
				own[a][b].Add(own[a][b], new(big.Rat).Mul(shares[k], j[a][b]))
			}
		}
		for _, c := range changes { // Σ ← C(CΣ)ᵀ
			for range 2 {
				c.apply(own)
				own = turned(own)
			}
		}
		e.Covariances = append(e.Covariances, own)
		e.Means = append(e.Means, scaledBy(big.NewRat(int64(k+1), 2), turned(first)[0]))
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		t.Fatalf("%+v: %v", p, err)
	}
	vectors := turned(inverse)
	if p.leak.Sign() != 0 {
		return m, vectors
	}
	return m, vectors[:p.envelope]
}

func scaledBy(factor *big.Rat, x []*big.Rat) []*big.Rat {
	out := make([]*big.Rat, len(x))
	for i := range x {
		out[i] = new(big.Rat).Mul(factor, x[i])
	}
	return out
}

// change is a matrix C as what multiplying by it, and by C⁻ᵀ, does to the rows of another.
type change struct{ apply, back func(rows [][]*big.Rat) }

// mixing draws the factors of T, the first to be applied first.
func (p plan) mixing(r *rand.Rand) (changes []change) {
	d := p.dimension
	order := r.Perm(d)
	permute := func(rows [][]*big.Rat) {
		old := slices.Clone(rows)
		for i, to := range order {
			rows[to] = old[i]
		}
	}
	changes = append(changes, change{permute, permute})
	addTo := func(row []*big.Rat, c *big.Rat, other []*big.Rat) {
		for i, x := range other {
			row[i] = new(big.Rat).Add(row[i], new(big.Rat).Mul(c, x))
		}
	}
	for range p.shears { // I + c e_a e_bᵀ
		a, b, c := r.IntN(d), r.IntN(d), big.NewRat(int64(r.IntN(5)-2), 1)
		if a == b {
			continue
		}
		changes = append(changes, change{
			func(rows [][]*big.Rat) { addTo(rows[a], c, rows[b]) },
			func(rows [][]*big.Rat) { addTo(rows[b], new(big.Rat).Neg(c), rows[a]) },
		})
	}
	for range p.reflections { // I − 2vvᵀ/vᵀv
		v := []*big.Rat{big.NewRat(1, 1)}
		square := big.NewRat(1, 1)
		for len(v) < d {
			x := big.NewRat([]int64{-2, -1, 1, 2}[r.IntN(4)], 1)
			v = append(v, x)
			square.Add(square, new(big.Rat).Mul(x, x))
		}
		mirror := func(rows [][]*big.Rat) {
			along := product(turned(rows), [][]*big.Rat{v})[0]
			for i, row := range rows {
				addTo(row, new(big.Rat).Quo(new(big.Rat).Mul(big.NewRat(-2, 1), v[i]), square), along)
			}
		}
		changes = append(changes, change{mirror, mirror})
	}
	return changes
}

// Every planted envelope is found.
func TestPlantedEnvelopes(t *testing.T) {
	t.Parallel()
	for i := range enough.Cases(400) {
		r := rand.New(rand.NewPCG(22, uint64(i)))
		d := 1 + r.IntN(1+r.IntN(40)) // small ones more often
		p := plan{components: 2 + r.IntN(4), dimension: d, envelope: 1 + r.IntN(d), leak: new(big.Rat)}
		if hidden := r.IntN(3); hidden > 0 {
			p.shears = d
			p.reflections = hidden - 1
		}
		m, want := p.planted(t, r)
		checkSpace(t, fmt.Sprintf("case %d, %+v", i, p), m.Envelope(), d, 1, want)
	}
}

// A coupling of any size is none: the envelope is never smaller than it is, and the Fisher subspace never called invariant.
func TestSmallCouplingsAreSeen(t *testing.T) {
	t.Parallel()
	cases := 20
	if testing.Short() {
		cases = 3
	}
	for power := int64(0); power <= 12; power++ {
		leak := new(big.Rat).Quo(big.NewRat(1, 4), new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(power), nil)))
		for i := range cases {
			r := rand.New(rand.NewPCG(uint64(power), uint64(i)))
			d := 2 + r.IntN(20)
			p := plan{components: 2 + r.IntN(3), dimension: d, envelope: 1 + r.IntN(d-1), leak: leak, shears: r.IntN(d), reflections: r.IntN(2)}
			if i%2 == 0 { // nothing but the coupling leads out of the Fisher subspace
				p.envelope = 1
			}
			m, want := p.planted(t, r)
			checkSpace(t, fmt.Sprintf("case %d, %+v", i, p), m.Envelope(), d, 1, want)
			if along, err := m.Couplings(); err != nil || len(along) == 0 {
				t.Errorf("%+v: couplings %v, %v", p, along, err)
			}
		}
	}
}

// A coupling that vanishes modulo the primes that are tried first is seen, too.
func TestCouplingsThatPrimesHide(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	hidden := big.NewInt(1)
	for _, p := range []int64{1<<61 - 1, 1<<61 - 31, 1<<61 - 61} {
		hidden.Mul(hidden, big.NewInt(p))
		leak := new(big.Rat).SetFrac(hidden, new(big.Int).Lsh(big.NewInt(1), uint(hidden.BitLen()+2)))
		p := plan{components: 3, dimension: 5, envelope: 2, leak: leak, shears: 5}
		m, want := p.planted(t, r)
		checkSpace(t, fmt.Sprintf("%+v", p), m.Envelope(), 5, 1, want)
	}
}

// A covariance that is singular modulo the first prime.
func TestCovarianceThatThePrimeDivides(t *testing.T) {
	big61 := new(big.Rat).SetInt64(1<<61 - 1)
	m, err := gmm.NewExact(gmm.Exact{Weights: gmm.Rationals(1, 1), Means: [][]*big.Rat{gmm.Rationals(1, 0, 0), gmm.Rationals(-1, 0, 0)},
		Covariances: [][][]*big.Rat{
			{{big61, new(big.Rat), new(big.Rat)}, gmm.Rationals(0, 1, 0), gmm.Rationals(0, 0, 1)},
			{{big61, new(big.Rat), new(big.Rat)}, gmm.Rationals(0, 2, 0.5), gmm.Rationals(0, 0.5, 1)},
		}})
	if err != nil {
		t.Fatal(err)
	}
	checkSpace(t, "divided", m.Envelope(), 3, 1, [][]*big.Rat{gmm.Rationals(1, 0, 0)})
	checkSpace(t, "divided, central", m.CentralSubspace(), 3, 1, gmm.IdentityRows(3))
}

// Multiples of one covariance leave the Fisher subspace alone, of whatever floats it is made; the central subspace is everything.
func TestMultiplesOfOneCovariance(t *testing.T) {
	const d = 60
	r := rand.New(rand.NewPCG(3, 3))
	root := mat.NewDense(d, d+5, nil)
	root.Apply(func(int, int, float64) float64 { return r.NormFloat64() }, root)
	var sigma mat.SymDense
	sigma.SymOuterK(1, root)
	e := gmm.Exact{Weights: gmm.Rationals(1, 2, 1)}
	for k := range 3 {
		mean := make([]float64, d)
		for i := range mean {
			mean[i] = r.NormFloat64()
		}
		e.Means = append(e.Means, gmm.Rationals(mean...))
		var own [][]*big.Rat
		for i := range d {
			row := make([]float64, d)
			for j := range row {
				row[j] = math.Ldexp(sigma.At(i, j), k)
			}
			own = append(own, gmm.Rationals(row...))
		}
		e.Covariances = append(e.Covariances, own)
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal(err)
	}
	if e := m.Envelope(); !e.Invariant() || e.Dimension() != 3 || e.Leaves() || e.Nearly() != 3 {
		t.Errorf("dimension %d, %d to rounding, invariant %v", e.Dimension(), e.Nearly(), e.Invariant())
	}
	if c := m.CentralSubspace(); c.Dimension() != d || !c.Known() || c.Invariant() || c.Nearly() != d {
		t.Errorf("central dimension %d, %d to rounding, want %d", c.Dimension(), c.Nearly(), d)
	}
	if couplings, err := m.Couplings(); err != nil || len(couplings) > 0 {
		t.Errorf("couplings %v, %v", couplings, err)
	}
	if s := m.Pooled().Envelope(); s.Dimension() != 3 || !s.Invariant() {
		t.Errorf("pooled: %d", s.Dimension())
	}
}

// An envelope that was rounded to floats is everything, and what it was to rounding.
func TestRoundedEnvelopes(t *testing.T) {
	for i := range 40 {
		r := rand.New(rand.NewPCG(7, uint64(i)))
		d := 3 + r.IntN(12)
		p := plan{components: 3, dimension: d, envelope: 1 + r.IntN(d-2), leak: new(big.Rat), reflections: 2}
		m, _ := p.planted(t, r)
		e := m.Exact()
		rounded := gmm.Exact{Weights: e.Weights}
		for k, mean := range e.Means {
			rounded.Means = append(rounded.Means, nearest(mean)...)
			rounded.Covariances = append(rounded.Covariances, nearest(e.Covariances[k]...))
		}
		f, err := gmm.NewExact(rounded)
		if err != nil {
			t.Fatal(err)
		}
		if env := f.Envelope(); env.Dimension() != d || env.Nearly() != p.envelope || env.Invariant() || m.Envelope().Nearly() != p.envelope {
			t.Errorf("%+v: dimension %d of %d, to rounding %d", p, env.Dimension(), d, env.Nearly())
		}
	}
}

func nearest(rows ...[]*big.Rat) [][]*big.Rat {
	out := make([][]*big.Rat, len(rows))
	for i, row := range rows {
		for _, x := range row {
			f, _ := x.Float64()
			out[i] = append(out[i], gmm.Rationals(f)...)
		}
	}
	return out
}

// The size of a coupling is the planted one, and its direction the axis that it couples.
func TestCouplings(t *testing.T) {
	g := readGeneral(t, soundGeneral).Left
	couplings, err := g.Couplings()
	if err != nil || len(couplings) != 2 {
		t.Fatal(couplings, err)
	}
	for i, want := range []gmm.Coupling{{Component: 0, Size: 0.8}, {Component: 1, Size: 0.4}} {
		c := couplings[i]
		if c.Component != want.Component || math.Abs(c.Size-want.Size) > 1e-15 || math.Abs(c.Direction[0]) > 1e-15 || math.Abs(c.Direction[1]-1) > 1e-15 {
			t.Errorf("coupling %+v, want %+v along the second axis", c, want)
		}
	}
	// Hidden by x = Tz, directions go by T⁻ᵀ and sizes stay.
	hidden, err := g.Transform([][]*big.Rat{gmm.Rationals(1, 2), gmm.Rationals(0, 4)})
	if err != nil {
		t.Fatal(err)
	}
	couplings, err = hidden.Couplings()
	if err != nil || len(couplings) != 2 {
		t.Fatal(couplings, err)
	}
	for i, want := range []float64{0.8, 0.4} {
		if c := couplings[i]; math.Abs(c.Size-want) > 1e-14 || math.Abs(c.Direction[0]) > 1e-14 || math.Abs(c.Direction[1]-0.25) > 1e-14 {
			t.Errorf("hidden coupling %+v", c)
		}
	}
	// One component of three is coupled, by 1e-12.
	small := big.NewRat(1, 1_000_000_000_000)
	m, err := gmm.NewExact(gmm.Exact{Weights: gmm.Rationals(1, 1, 2), Means: [][]*big.Rat{gmm.Rationals(2, 0), gmm.Rationals(0, 0), gmm.Rationals(-1, 0)},
		Covariances: [][][]*big.Rat{gmm.IdentityRows(2), {{big.NewRat(1, 1), small}, {small, big.NewRat(1, 1)}}, gmm.IdentityRows(2)}})
	if err != nil {
		t.Fatal(err)
	}
	couplings, err = m.Couplings()
	if err != nil || len(couplings) != 3 || couplings[0].Component != 1 || math.Abs(couplings[0].Size-0.75e-12) > 1e-15 {
		t.Errorf("%+v, %v: whitened by Σ̄, all three are coupled, the second by 3/4 of 1e-12", couplings, err)
	}
}

// A basis of long numbers has the size of floats.
func TestBasisOfLongNumbers(t *testing.T) {
	tiny := new(big.Rat).SetFrac(big.NewInt(7), new(big.Int).Exp(big.NewInt(10), big.NewInt(150), nil))
	mean := []*big.Rat{big.NewRat(1, 1), tiny, big.NewRat(-1, 3)}
	double := gmm.IdentityRows(3)
	for i, row := range double {
		row[i].SetInt64(2)
	}
	m, err := gmm.NewExact(gmm.Exact{Weights: gmm.Rationals(1, 1), Means: [][]*big.Rat{mean, gmm.Rationals(0, 0, 0)}, Covariances: [][][]*big.Rat{gmm.IdentityRows(3), double}})
	if err != nil {
		t.Fatal(err)
	}
	checkSpace(t, "long", m.Envelope(), 3, 1, [][]*big.Rat{mean})
	if x, _ := m.Envelope().Basis()[0][0].Float64(); x < 0.5 || x >= 1 {
		t.Errorf("the largest entry is %v", x)
	}
}

// A component that couples nothing is none of the couplings.
func TestCouplingsLeaveOutTheUncoupled(t *testing.T) {
	tilted := func(r float64) [][]*big.Rat { return [][]*big.Rat{gmm.Rationals(1, r), gmm.Rationals(r, 1)} }
	m, err := gmm.NewExact(gmm.Exact{Weights: gmm.Rationals(1, 1, 2), Means: [][]*big.Rat{gmm.Rationals(2, 0), gmm.Rationals(0, 0), gmm.Rationals(-1, 0)},
		Covariances: [][][]*big.Rat{tilted(0.5), tilted(-0.5), gmm.IdentityRows(2)}})
	if err != nil {
		t.Fatal(err)
	}
	couplings, err := m.Couplings()
	if err != nil || len(couplings) != 2 || couplings[0].Component+couplings[1].Component != 1 {
		t.Errorf("%+v, %v: want the first and the second", couplings, err)
	}
}

// A mixture and its pooled one have envelopes of their own.
func TestPooledHasItsOwnEnvelope(t *testing.T) {
	m := readGeneral(t, soundGeneral).Left
	if own, pooled := m.Envelope().Dimension(), m.Pooled().Envelope().Dimension(); own != 2 || pooled != 1 {
		t.Errorf("dimension %d, of the pooled mixture %d; want 2 and 1", own, pooled)
	}
	if central := m.Pooled().Apart().CentralSubspace().Dimension(); central != 1 {
		t.Errorf("equal covariances have a central subspace of %d dimensions, want 1", central)
	}
}

// The dimensions of the reference mixtures.
func TestReferenceEnvelopes(t *testing.T) {
	text, err := os.ReadFile("testdata/envelopes.json")
	if err != nil {
		t.Fatal(err)
	}
	var references []struct {
		ID                            string
		Weights                       []string
		Means                         [][]string
		Cov                           [][][]string
		Fisher, Envelope              *int
		Centred, Differences, Central *int
	}
	if err := json.Unmarshal(text, &references); err != nil {
		t.Fatal(err)
	}
	for _, ref := range references {
		e := gmm.Exact{Weights: parsed(t, ref.Weights)[0], Means: parsed(t, ref.Means...)}
		for _, own := range ref.Cov {
			e.Covariances = append(e.Covariances, parsed(t, own...))
		}
		m, err := gmm.NewExact(e)
		if err != nil {
			t.Fatal(ref.ID, err)
		}
		for _, c := range []struct {
			name string
			got  int
			want *int
		}{{"S_F", m.FisherDimension(), ref.Fisher}, {"E", m.Envelope().Dimension(), ref.Envelope}, {"S_c", m.DifferenceDimension(), ref.Centred},
			{"E_c", m.EnvelopeOfDifferences().Dimension(), ref.Differences}, {"central", m.CentralSubspace().Dimension(), ref.Central}} {
			if c.want != nil && c.got != *c.want {
				t.Errorf("%s: dim %s = %d, want %d", ref.ID, c.name, c.got, *c.want)
			}
		}
	}
}

func parsed(t *testing.T, rows ...[]string) [][]*big.Rat {
	t.Helper()
	out := make([][]*big.Rat, len(rows))
	for i, row := range rows {
		for _, text := range row {
			x, err := gmm.ParseNumber(text)
			if err != nil {
				t.Fatal(err)
			}
			out[i] = append(out[i], x)
		}
	}
	return out
}

// The law along V is that of Transform for a square V, and its leading part for some of its columns.
func TestAlong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.OneOf(generators.GeneralOf(1, 3, 1, 4), generators.SharedCovariance()).Draw(t, "mixture")
		v := generators.Transformation(m.Dimension()).Draw(t, "v")
		whole, err := m.Transform(turned(v))
		if err != nil {
			t.Fatal(err)
		}
		along, err := m.Along(v)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := along.GoString(), whole.GoString(); got != want {
			t.Fatalf("along V: %s, want %s", got, want)
		}
		leading := make([][]*big.Rat, len(v))
		for i, row := range v {
			leading[i] = row[:1]
		}
		first := make([][]*big.Rat, len(v))
		for i := range first {
			first[i] = gmm.IdentityRows(len(v))[i][:1]
		}
		if line, err := m.Along(first); err != nil || line.Dimension() != 1 || line.Own(0).At(0, 0) != m.Own(0).At(0, 0) {
			t.Fatalf("along the first axis: %v, %v", line, err)
		}
		line, err := m.Along(leading)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := line.Exact().Means[0][0], whole.Exact().Means[0][0]; got.Cmp(want) != 0 || line.Shared() != m.Shared() || line.Own(0).At(0, 0) != whole.Own(0).At(0, 0) {
			t.Fatalf("along one column: %v, of %v", line, whole)
		}
	})
}

func TestAlongRefuses(t *testing.T) {
	m := readGeneral(t, soundGeneral).Left
	for name, v := range map[string][][]*big.Rat{
		"no rows": {}, "three rows": gmm.IdentityRows(3), "no columns": {{}, {}}, "ragged": {gmm.Rationals(1, 0), gmm.Rationals(1)},
		"dependent": {gmm.Rationals(1, 2), gmm.Rationals(1, 2)}, "zero": {gmm.Rationals(0), gmm.Rationals(0)},
	} {
		if along, err := m.Along(v); err == nil {
			t.Errorf("%s: %v", name, along)
		} else {
			t.Log(name, err)
		}
	}
}

func BenchmarkEnvelope(b *testing.B) {
	for _, p := range []plan{
		{components: 5, dimension: 40, envelope: 4, shears: 40}, {components: 5, dimension: 40, envelope: 40, shears: 40},
		{components: 5, dimension: 40, envelope: 20, reflections: 1}, {components: 5, dimension: 40, envelope: 20, reflections: 2}, {components: 5, dimension: 300, envelope: 4, shears: 300},
		{components: 5, dimension: 300, envelope: 300, shears: 30}, {components: 5, dimension: 300, envelope: 4, reflections: 1},
	} {
		p.leak = new(big.Rat)
		b.Run(fmt.Sprintf("d=%d,e=%d,reflections=%d", p.dimension, p.envelope, p.reflections), func(b *testing.B) {
			planted, _ := p.planted(b, rand.New(rand.NewPCG(1, 2)))
			for b.Loop() {
				b.StopTimer()
				m, err := planted.Centre() // which has found nothing yet
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				e := m.Envelope()
				if e.Dimension() != p.envelope || !e.Known() {
					b.Fatal(e.Bounds())
				}
				if _, err := m.Along(e.Basis()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
