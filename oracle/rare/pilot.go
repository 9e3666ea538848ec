package rare

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// pilot is random points, independent of those that averages are taken over, which tell of
// how many points of an average each component is seen by. That its design point is within reach says
// that enough points are as far out; but where others bound p_k on all sides, in a thin cell, few of them are in it.
type pilot struct {
	z      *mat.Dense // n×q
	along  *mat.Dense // n×K, slope_kᵀz
	points float64    // of the average
}

// fewest is how many points of an average must count for a component, n E p²/max p², as if p were
// 1 or 0: half of what reachedBy asks for, as a step just within reach has about that many.
const fewest = 100

// pilotShare is the inverse part of the points of an average that a pilot takes, and mostPilot the most of them.
const pilotShare, mostPilot = 8, 1 << 15

func (s Softmax) pilot(points int, source rand.Source) pilot {
	n, q := min(points/pilotShare, mostPilot), len(s.Slope[0])
	out := pilot{z: mat.NewDense(n, max(1, q), nil), along: mat.NewDense(n, len(s.Slope), nil), points: float64(points)}
	rng := rand.New(source)
	for i := range n {
		row, along := out.z.RawRowView(i)[:q], out.along.RawRowView(i)
		for c := range row {
			row[c] = rng.NormFloat64()
		}
		for k, slope := range s.Slope {
			along[k] = dot(slope, row)
		}
	}
	return out
}

// counts returns n E p_k² of a softmax.
func (p pilot) counts(s seen) []float64 {
	n, k := p.along.Dims()
	sums, shares := make([]float64, k), make([]float64, k)
	for i := range n {
		s.sharesAt(shares, p.along.RawRowView(i))
		for c, x := range shares {
			sums[c] += x * x
		}
	}
	for c := range sums {
		sums[c] *= p.points / float64(n)
	}
	return sums
}

// around returns, for each of a visit's group, n E(r_k p_l)² over points about its design point, l = 0, …, K − 1, and
// n E r_k² behind them. r_k is p_k there, weighed, relative to that at the centre, and p_l relative to its own
// there; where l is kept that among the kept alone.
func (p pilot) around(v Visit) [][]float64 {
	n, k := p.along.Dims()
	tilted, turned := make([]float64, k), make([]float64, k)
	for c, slope := range v.softmax.slope {
		tilted[c], turned[c] = dot(slope, v.point), dot(slope, v.mirror)
	}
	shares, kept := make([]float64, k), make([]float64, k)
	at := func(logits []float64) []float64 {
		v.softmax.sharesAt(shares, logits)
		v.kept.sharesAt(kept, logits)
		others := slices.Clone(shares)
		for l := range others {
			if !absent(v.kept, l) {
				others[l] = kept[l]
			}
		}
		return others
	}
	centre := at(tilted)
	first := slices.Clone(shares)
	out := make([][]float64, len(v.group))
	for g := range out {
		out[g] = make([]float64, k+1)
	}
	logits := make([]float64, k)
	for i := range n {
		z := p.z.RawRowView(i)
		across := 2 * dot(v.mirror, z)
		for c, along := range p.along.RawRowView(i) {
			logits[c] = tilted[c] + v.sign*(along-across*turned[c])
		}
		others := at(logits)
		weight := math.Exp(-v.distance * z[0])
		for g, own := range v.group {
			r := weight * shares[own] / first[own]
			for l, x := range others {
				out[g][l] += math.Pow(r*x/centre[l], 2)
			}
			out[g][k] += r * r
		}
	}
	for g := range out {
		for l := range out[g] {
			out[g][l] *= p.points / float64(n)
		}
	}
	return out
}
