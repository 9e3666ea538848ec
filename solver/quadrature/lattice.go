package quadrature

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// generatingVector is exod2_base2_m20_CKN, an embedded lattice rule of up to 2^20
// points (R. Cools, F. Kuo and D. Nuyens, "Constructing embedded lattice rules for
// multivariate integration", SIAM J. Sci. Comput. 28 (2006), 2162–2188).
var generatingVector = [...]uint64{
	1, 182667, 469891, 498753, 110745, 446247, 250185, 118627, 245333, 283199,
	408519, 391023, 246327, 126539, 399185, 461527, 300343, 69681, 516695, 436179,
	106383, 238523, 413283, 70841, 47719, 300129, 113029, 123925, 410745, 211325,
	17489, 511893, 40767, 186077, 519471, 255369, 101819, 243573, 66189, 152143,
	503455, 113217, 132603, 463967, 297717, 157383, 224015, 502917, 36237, 94049,
	170665, 79397, 123963, 223451, 323871, 303633, 98567, 318855, 494245, 477137,
	177975, 64483, 26695, 88779,
}

// MostDirections is the number of directions that a lattice serves.
const MostDirections = 4 * len(generatingVector)

// generator is the lattice's step along a direction: beyond the generating vector, whose directions should be those of the most variance, an odd number drawn once and for all. A
// shifted lattice is unbiased whatever it is.
func generator(direction int) uint64 {
	if direction < len(generatingVector) {
		return generatingVector[direction]
	}
	return rand.New(rand.NewPCG(uint64(direction), 1)).Uint64N(MostLatticePoints/2)*2 + 1
}

// MostLatticePoints is the largest number of points of one copy of a lattice.
const MostLatticePoints = 1 << 20

// Copies is the number of independent random shifts of a lattice. The mean of g over
// each is an unbiased estimate of E g, so their spread tells the error.
const Copies = 16

// Lattice is a randomly shifted rank-one lattice rule for E g(t), t ∼ N(0, I_q): the
// points n z/N + shift modulo 1, folded by the tent x ↦ 1 − |2x − 1| and brought to
// the normal distribution by the inverse of its distribution function.
type Lattice struct {
	points int
	steps  []uint64
	shifts [Copies][]float64
}

// NewLattice returns Copies shifts of a lattice of 2^log points in q directions; the
// seed determines the shifts. It panics beyond MostDirections or MostLatticePoints.
func NewLattice(q, log int, seed uint64) *Lattice {
	if q > MostDirections || log < 0 || 1<<log > MostLatticePoints {
		panic("quadrature: the lattice is out of range")
	}
	l := &Lattice{points: 1 << log}
	for i := range q {
		l.steps = append(l.steps, generator(i))
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	for c := range l.shifts {
		l.shifts[c] = make([]float64, q)
		for i := range l.shifts[c] {
			l.shifts[c][i] = rng.Float64()
		}
	}
	return l
}

// Points returns the number of points of one copy.
func (l *Lattice) Points() int { return l.points }

// Nodes returns the number of points of all copies.
func (l *Lattice) Nodes() int { return Copies * l.points }

// Node writes the n-th point of a copy into t, of q numbers.
func (l *Lattice) Node(copy, n int, t []float64) {
	const least = 0x1p-54 // keeps nodes finite
	for i, shift := range l.shifts[copy] {
		x := float64(uint64(n)*l.steps[i]%uint64(l.points))/float64(l.points) + shift
		x = 1 - math.Abs(2*(x-math.Floor(x))-1)
		t[i] = math.Sqrt2 * math.Erfinv(2*max(least, min(1-least, x))-1)
	}
}

// String describes the rule: "lattice, 16 shifts of 4096 points in 31 directions".
func (l *Lattice) String() string {
	return fmt.Sprintf("lattice, %d shifts of %d points in %d directions", Copies, l.points, len(l.shifts[0]))
}
