package network

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// logTable evaluates Λ(z) = log E e^{z·g(y)} at many z, the values of f: on boxes, of each of which Λ is tabulated at Chebyshev points. With c the middle of a box, g
// tilted by e^{c·g} and m its mean then,
//
//	Λ(c + ζ) = Λ(c) + ζ·m + log Z̃(ζ),   Z̃(ζ) = Ẽ e^{ζ·(g − m)} ≥ 1 (Jensen),
//
// so that what Z̃ is wrong by, Λ is at most wrong by. In a coordinate e^{ζa}, |ζ| ≤ h, is interpolated at p points with an error of at most about
// 2(ah/2)^p/p! e^{ah}, which is averaged over the nodes to choose p, or to halve the box.
type logTable struct {
	f, g       seen
	byF, byG   [][]float64
	r          int
	logarithms []float64 // of the masses of g
	tilted     []float64 // of the nodes of g, adding up to 1
	mean       []float64 // under tilted
	logarithm  float64   // Λ(c)
}

const (
	// directly is up to how many scores are evaluated one by one.
	directly = 200_000
	// mostTabulated is the most outputs of a table.
	mostTabulated = 3
	// interpolation is the error of Z̃ that is allowed.
	interpolation = 1e-11
	fewestPoints  = 6
	mostPoints    = 28
	// boxed is the mass of nodes below which Λ is not worth a table.
	boxed = 1e-17
)

// newTable tells whether a table takes less.
func newTable(f, g seen) (*logTable, bool) {
	r := len(f.values[0])
	return &logTable{f: f, g: g, r: r, logarithms: g.logarithms(), tilted: make([]float64, len(g.values)), mean: make([]float64, r)}, r <= mostTabulated && len(f.values)*len(g.values) > directly
}

// partition is E Λ(f(x)), and adds its derivatives.
func (t *logTable) partition(byF, byG [][]float64) float64 {
	t.byF, t.byG = byF, byG
	var nodes []int
	low, high := make([]float64, t.r), make([]float64, t.r)
	for i, v := range t.f.values {
		if t.f.mass[i] < boxed {
			continue
		}
		for l, x := range v {
			if len(nodes) == 0 {
				low[l], high[l] = x, x
			}
			low[l], high[l] = min(low[l], x), max(high[l], x)
		}
		nodes = append(nodes, i)
	}
	return t.box(nodes, low, high)
}

// box is the share of nodes within low and high.
func (t *logTable) box(nodes []int, low, high []float64) float64 {
	if len(nodes) == 0 {
		return 0
	}
	centre, half := make([]float64, t.r), make([]float64, t.r)
	for l := range centre {
		centre[l] = (low[l] + high[l]) / 2
		half[l] = max((high[l]-low[l])/2, 0x1p-40*(1+math.Abs(centre[l]))) // an output may be constant
	}
	t.tilt(centre)
	points, widest := t.points(half)
	size := math.Pow(float64(points), float64(t.r))
	if points > 0 && size <= float64(max(len(nodes), 64)) {
		return t.tabulated(nodes, centre, half, points)
	}
	if len(nodes) <= 64 || half[widest] <= 0x1p-30*(1+math.Abs(centre[widest])) {
		return t.directly(nodes)
	}
	var below, above []int
	for _, i := range nodes {
		if t.f.values[i][widest] <= centre[widest] {
			below = append(below, i)
		} else {
			above = append(above, i)
		}
	}
	top, bottom := append([]float64(nil), high...), append([]float64(nil), low...)
	top[widest], bottom[widest] = centre[widest], centre[widest]
	return t.box(below, low, top) + t.box(above, bottom, high)
}

// directly evaluates scores one by one.
func (t *logTable) directly(nodes []int) (value float64) {
	for _, i := range nodes {
		x, p := t.f.values[i], t.f.mass[i]
		t.tilt(x)
		value += p * t.logarithm
		for l, m := range t.mean {
			t.byF[i][l] += p * m
		}
		for j, q := range t.tilted {
			for l := range x {
				t.byG[j][l] += p * q * x[l]
			}
		}
	}
	return value
}

// tilt prepares a table about c.
func (t *logTable) tilt(c []float64) {
	top := -infinity
	for j, y := range t.g.values {
		t.tilted[j] = t.logarithms[j] + dot(c, y)
		top = max(top, t.tilted[j])
	}
	sum := 0.0
	clear(t.mean)
	for j, y := range t.g.values {
		s := t.tilted[j] - top
		if t.tilted[j] = 0; s <= lost {
			continue
		}
		t.tilted[j] = math.Exp(s)
		sum += t.tilted[j]
		for l := range t.mean {
			t.mean[l] += t.tilted[j] * y[l]
		}
	}
	for j := range t.tilted {
		t.tilted[j] /= sum
	}
	for l := range t.mean {
		t.mean[l] /= sum
	}
	t.logarithm = top + math.Log(sum)
}

// points is how many points a coordinate takes, 0 if too many, and which coordinate takes most.
func (t *logTable) points(half []float64) (points, widest int) {
	errors := make([][]float64, t.r)
	const orders = (mostPoints-fewestPoints)/2 + 1
	for l := range errors {
		errors[l] = make([]float64, orders)
	}
	for j, y := range t.g.values {
		q := t.tilted[j]
		if q < 0x1p-200 {
			continue
		}
		grows := 0.0
		for l, h := range half {
			grows += math.Abs(y[l]-t.mean[l]) * h
		}
		q *= math.Exp(min(grows, 500))
		for l, h := range half {
			a := math.Abs(y[l]-t.mean[l]) * h / 2
			e := 2 * q * a * a * a * a * a * a / 720
			for o := range orders {
				errors[l][o] += e
				p := float64(fewestPoints + 2*o)
				e *= a * a / ((p + 1) * (p + 2))
			}
		}
	}
	for l := range errors {
		if errors[l][orders-1] > errors[widest][orders-1] {
			widest = l
		}
	}
	for o := range orders {
		sum := 0.0
		for l := range errors {
			sum += errors[l][o]
		}
		if sum <= interpolation {
			return fewestPoints + 2*o, widest
		}
	}
	return 0, widest
}

// block is how many nodes are multiplied at once.
const block = 1024

// tabulated tabulates Z̃ and its gradient in a box, and interpolates them at nodes.
func (t *logTable) tabulated(nodes []int, centre, half []float64, p int) (value float64) {
	chebyshev, weights := make([]float64, p), make([]float64, p)
	for a := range p {
		angle := math.Pi * (float64(a) + .5) / float64(p)
		chebyshev[a], weights[a] = math.Cos(angle), math.Sin(angle)
		if a%2 == 1 {
			weights[a] = -weights[a]
		}
	}
	rest := 1
	for range t.r - 1 {
		rest *= p
	}
	// sums are of 1 and g − m, a block of p rows each, by the first coordinate; the others are the columns.
	sums := mat.NewDense((1+t.r)*p, rest, nil)
	t.exponentials(chebyshev, half, func(first int, e, others *mat.Dense) {
		n, _ := e.Dims()
		weighted := mat.NewDense(n, (1+t.r)*p, nil)
		for j := range n {
			row, from := weighted.RawRowView(j), e.RawRowView(j)
			q := t.tilted[first+j]
			for a, x := range from {
				row[a] = q * x
			}
			for l, m := range t.mean {
				s := q * (t.g.values[first+j][l] - m)
				for a, x := range from {
					row[(1+l)*p+a] = s * x
				}
			}
		}
		var part mat.Dense
		part.Mul(weighted.T(), others)
		sums.Add(sums, &part)
	})
	shares := mat.NewDense(p, rest, nil) // Σ p_i L(ζ_i)/Z̃(ζ_i), of each point
	basis, tensor := make([][]float64, t.r), make([]float64, rest)
	for l := range basis {
		basis[l] = make([]float64, p)
	}
	found := make([]float64, 1+t.r)
	for _, i := range nodes {
		shift := 0.0
		for l, x := range t.f.values[i] {
			lagrange(basis[l], chebyshev, weights, (x-centre[l])/half[l])
			shift += (x - centre[l]) * t.mean[l]
		}
		spread(tensor, basis[1:])
		for o := range found {
			found[o] = 0
			for a, x := range basis[0] {
				found[o] += x * dot(tensor, sums.RawRowView(o*p+a))
			}
		}
		mass := t.f.mass[i]
		value += mass * (t.logarithm + shift + math.Log(found[0]))
		for l, m := range t.mean {
			t.byF[i][l] += mass * (m + found[1+l]/found[0])
		}
		for a, x := range basis[0] {
			row, s := shares.RawRowView(a), mass*x/found[0]
			for b, y := range tensor {
				row[b] += s * y
			}
		}
	}
	// back are the shares times each coordinate of z.
	back := mat.NewDense(rest, t.r*p, nil)
	at := make([]float64, t.r)
	for a := range p {
		for b := range rest {
			at[0] = centre[0] + half[0]*chebyshev[a]
			for l, left := t.r-1, b; l > 0; l-- {
				at[l] = centre[l] + half[l]*chebyshev[left%p]
				left /= p
			}
			for l, z := range at {
				back.Set(b, l*p+a, shares.At(a, b)*z)
			}
		}
	}
	t.exponentials(chebyshev, half, func(first int, e, others *mat.Dense) {
		n, _ := e.Dims()
		var part mat.Dense
		part.Mul(others, back)
		for j := range n {
			row := part.RawRowView(j)
			for l := range t.r {
				t.byG[first+j][l] += t.tilted[first+j] * dot(e.RawRowView(j), row[l*p:(l+1)*p])
			}
		}
	})
	return value
}
