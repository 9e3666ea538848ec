package network

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/line"

	"gonum.org/v1/gonum/integrate/quad"
	"pgregory.net/rapid"
)

// plainLine is a line in float64, for values by quadrature that share no code with the bounds.
type plainLine struct {
	weights, means []float64
	delta          float64
}

func (l plainLine) placed() placed[float64] {
	return placed[float64]{weights: l.weights, means: l.means, delta: l.delta, rest: 1 - l.delta}
}

// drawLine draws 1 to 3 components within 3 of 0.
func drawLine(t *rapid.T) plainLine {
	l := plainLine{delta: float64(rapid.IntRange(1, 8).Draw(t, "eighths")) / 8}
	total := 0.0
	for range rapid.IntRange(1, 3).Draw(t, "components") {
		l.weights = append(l.weights, float64(rapid.IntRange(1, 5).Draw(t, "weight")))
		l.means = append(l.means, float64(rapid.IntRange(-6, 6).Draw(t, "mean"))/2)
		total += l.weights[len(l.weights)-1]
	}
	for k := range l.weights {
		l.weights[k] /= total
	}
	return l
}

// over integrates f over [−12, 12] by panels that end at 0.
func over(f func(float64) float64) (total float64) {
	for i := -24; i < 24; i++ {
		total += quad.Fixed(f, float64(i)/2, float64(i+1)/2, 8, quad.Legendre{}, 0)
	}
	return total
}

func bell(x, mean float64) float64 {
	return math.Exp(-(x-mean)*(x-mean)/2) / math.Sqrt(2*math.Pi)
}

func (l plainLine) density(x float64) (value float64) {
	for k, w := range l.weights {
		value += w * bell(x, l.means[k])
	}
	return value
}

// paired is δ Σ w x y + (1−δ) x̄ȳ.
func (l plainLine) paired(x, y func(k int) float64) float64 {
	same, one, other := 0.0, 0.0, 0.0
	for k, w := range l.weights {
		same, one, other = same+w*x(k)*y(k), one+w*x(k), other+w*y(k)
	}
	return l.delta*same + (1-l.delta)*one*other
}

func positive(x float64) float64 { return max(x, 0) }

// insideLoss is L(M) of the score ζ(x)ᵀMζ(y), by quadrature over x and y.
func (l plainLine) insideLoss(m [2][2]float64) float64 {
	ends := func(x float64) [2]float64 { return [2]float64{positive(x), positive(-x)} }
	loss := over(func(x float64) float64 {
		e := ends(x)
		right, left := e[0]*m[0][0]+e[1]*m[1][0], e[0]*m[0][1]+e[1]*m[1][1]
		return l.density(x) * math.Log(over(func(y float64) float64 {
			z := ends(y)
			return l.density(y) * math.Exp(right*z[0]+left*z[1])
		}))
	})
	for i := range 2 {
		for j := range 2 {
			moment := func(i int) func(k int) float64 {
				return func(k int) float64 { return over(func(x float64) float64 { return bell(x, l.means[k]) * ends(x)[i] }) }
			}
			loss -= m[i][j] * l.paired(moment(i), moment(j))
		}
	}
	return loss
}

func drawMatrix(t *rapid.T, name string) (m [2][2]float64) {
	for i := range 2 {
		for j := range 2 {
			m[i][j] = float64(rapid.IntRange(-8, 8).Draw(t, name)) / 16
		}
	}
	return m
}

// Whatever tilts are chosen, L(M) ≥ bound + ⟨M, Γ⟩ for every M; with fine cells and M̂ = M it is nearly one.
func TestInsideBoundsEveryLoss(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLine(t)
		m := drawMatrix(t, "M")
		loss := l.insideLoss(m)
		slack := func(of [2][2]float64, cells Tilts) float64 {
			bound, gamma := reluInside(doubles{}, l.placed(), of, cells.cells())
			for i := range 2 {
				for j := range 2 {
					bound += m[i][j] * gamma[i][j]
				}
			}
			return loss - bound
		}
		const rounding = 1e-8 // of the quadrature, which leaves out what lies beyond 12
		if s := slack(drawMatrix(t, "tilts"), Tilts{Step: big.NewRat(1, 2), Cells: 14}); s < -rounding {
			t.Fatalf("L(M) is below its bound by %g", -s)
		}
		if s := slack(m, Tilts{Step: big.NewRat(1, 8), Cells: 60}); s < -rounding || s > 2e-3 {
			t.Fatalf("with tilts of M itself the bound is %g below the loss", s)
		}
	})
}

// outsideLoss is that of a net, by quadrature.
func (l plainLine) outsideLoss(net ReLUNet) float64 {
	w := list(4, func(i int) float64 { x, _ := net.weights()[i].Float64(); return x })
	first := func(x float64) float64 { return w[0]*positive(x) + w[1]*positive(-x) }
	second := func(x float64) float64 { return w[2]*positive(x) + w[3]*positive(-x) }
	partition := func(s float64) float64 {
		return math.Log(over(func(y float64) float64 { return l.density(y) * math.Exp(s*first(y)) })) +
			math.Log(over(func(y float64) float64 { return bell(y, 0) * math.Exp(s*second(y)) }))
	}
	table := map[float64]float64{} // Λ on a fine grid, to be interpolated by cubics
	const step = 1.0 / 64
	at := func(i int) float64 {
		s := float64(i) * step
		if _, known := table[s]; !known {
			table[s] = partition(s)
		}
		return table[s]
	}
	interpolated := func(s float64) float64 {
		i := int(math.Floor(s / step))
		t := s/step - float64(i)
		a, b, c, d := at(i-1), at(i), at(i+1), at(i+2)
		return b + t*((c-a)/2+t*(a-5*b/2+2*c-d/2+t*(3*(b-c)+d-a)/2))
	}
	loss := over(func(v float64) float64 {
		return bell(v, 0) * over(func(x float64) float64 { return l.density(x) * interpolated(first(x)+second(v)) })
	})
	noise := over(func(v float64) float64 { return bell(v, 0) * second(v) })
	mean := func(k int) float64 {
		return noise + over(func(x float64) float64 { return bell(x, l.means[k]) * first(x) })
	}
	return loss - l.paired(mean, mean)
}

// The losses of nets that another program found, and the bound above them.
func TestOutsideReference(t *testing.T) {
	for _, c := range []struct {
		line plainLine
		text string
		net  [4]string
		loss float64
	}{
		{plainLine{[]float64{0.75, 0.25}, []float64{-1, 3}, 1}, centred, [4]string{"12/25", "-3/8", "-3/20", "-3/20"}, -0.28399068286694},
		{plainLine{[]float64{0.5, 0.5}, []float64{1, 4}, 1}, raw, [4]string{"-1/3", "0", "4/9", "4/9"}, -0.10889588350666},
	} {
		net := ReLUNet{number(c.net[0]), number(c.net[1]), number(c.net[2]), number(c.net[3])}
		const cubic = 2e-7 // of the interpolation
		if loss := c.line.outsideLoss(net); math.Abs(loss-c.loss) > cubic {
			t.Errorf("%v: %.14f, expected %.14f", net, loss, c.loss)
		}
		p := c.line.placed()
		for _, fine := range []int64{2, 4, 8} {
			g := newGrid(doubles{}, p, lineOf(t, c.text), Majorant{big.NewRat(1, fine), int(12 * fine), int(9 * fine)})
			above := reluOutside(doubles{}, p, g, reluNetIn(doubles{}, net)) - c.loss
			if most := 0.012 / float64(fine*fine); above < 0 || above > most { // the interpolation errs by h²/8 of the curvature
				t.Errorf("%v, step 1/%d: the bound is %g above the loss, expected up to %g", net, fine, above, most)
			}
		}
	}
}

// Whatever the net, the bound lies above its loss, and with a fine grid little so.
func TestOutsideBoundsTheLoss(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLine(t)
		w := list(4, func(int) *big.Rat { return big.NewRat(int64(rapid.IntRange(-4, 4).Draw(t, "weight")), 8) })
		if rapid.Bool().Draw(t, "even") {
			w[3] = w[2]
		}
		net := ReLUNet{w[0], w[1], w[2], w[3]}
		of := line.Mixture{Squares: list(len(l.means), func(k int) *big.Rat { return new(big.Rat).SetFloat64(l.means[k] * l.means[k]) })}
		g := newGrid(doubles{}, l.placed(), of, Majorant{big.NewRat(1, 2), 24, 18})
		above := reluOutside(doubles{}, l.placed(), g, reluNetIn(doubles{}, net)) - l.outsideLoss(net)
		const cubic = 1e-6
		if above < -cubic || above > 0.05 {
			t.Fatalf("%v: the bound is %g above the loss", net, above)
		}
	})
}

// Whatever the score of two functions of Y and Ŷ, its loss is at least −I(Y; Ŷ), which the logarithm of the odds attains.
func TestSignInsideBoundsEveryScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLine(t)
		right := func(k int) float64 { return math.Erfc(-l.means[k]/math.Sqrt2) / 2 }
		left := func(k int) float64 { return math.Erfc(l.means[k]/math.Sqrt2) / 2 }
		given := []func(int) float64{right, left}
		one := func(int) float64 { return 1 }
		alone := func(y int) float64 { return plainLine{l.weights, l.means, 0}.paired(given[y], one) }
		loss := func(score [2][2]float64) (total float64) {
			for y := range 2 {
				for z := range 2 {
					total -= l.paired(given[y], given[z]) * score[y][z]
				}
				total += alone(y) * math.Log(alone(0)*math.Exp(score[y][0])+alone(1)*math.Exp(score[y][1]))
			}
			return total
		}
		bound := signInside(doubles{}, l.placed())
		const rounding = 1e-13
		if value := loss(drawMatrix(t, "score")); value < bound-rounding {
			t.Fatalf("a score has the loss %g, below %g", value, bound)
		}
		var odds [2][2]float64
		for y := range 2 {
			for z := range 2 {
				odds[y][z] = math.Log(l.paired(given[y], given[z]) / (alone(y) * alone(z)))
			}
		}
		if value := loss(odds); math.Abs(value-bound) > rounding {
			t.Fatalf("the logarithm of the odds has the loss %g, the bound is %g", value, bound)
		}
	})
}

// The loss of a sign net is that of its definition, by quadrature over both coordinates.
func TestSignOutside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLine(t)
		eighths := func(name string, least int) float64 { return float64(rapid.IntRange(least, 16).Draw(t, name)) / 8 }
		net := signNet[float64]{eighths("c", -16), eighths("s", 1), eighths("ρ", -16)}
		length := math.Hypot(1, net.noise)
		var values []float64
		odds := make([][]float64, len(l.means)) // of each value, given k
		for _, a := range []float64{1, -1} {
			for _, b := range []float64{1, -1} {
				values = append(values, math.Sqrt(net.scale)*(a+net.second*b))
				for k, m := range l.means { // x₂ = v: both signs are those of half lines of x₁ in turned coordinates
					one := over(func(u float64) float64 { return bell(u, m/length) * (1 + a*math.Copysign(1, u)) / 2 })
					other := over(func(u float64) float64 { return bell(u, net.noise*m/length) * (1 + b*math.Copysign(1, u)) / 2 })
					odds[k] = append(odds[k], one*other)
				}
			}
		}
		mean := func(k int) (total float64) {
			for v, value := range values {
				total += odds[k][v] * value
			}
			return total
		}
		want := -l.paired(mean, mean)
		alone := func(v int) float64 {
			return plainLine{l.weights, l.means, 0}.paired(func(k int) float64 { return odds[k][v] }, func(int) float64 { return 1 })
		}
		for v := range values {
			partition := 0.0
			for u := range values {
				partition += alone(u) * math.Exp(values[v]*values[u])
			}
			want += alone(v) * math.Log(partition)
		}
		const rounding = 1e-9
		if got := signOutside(doubles{}, l.placed(), net); math.Abs(got-want) > rounding {
			t.Fatalf("a loss of %.12f, expected %.12f", got, want)
		}
	})
}

// Tilts whose Γ do not surround 0, or are not ⪰ 0, bound nothing.
func TestTiltsThatBoundNothing(t *testing.T) {
	l := lineOf(t, raw)
	c := interval.NewContext(precision)
	p := along(l, c)
	tilts := Tilts{Step: big.NewRat(1, 2), Cells: 17}
	found, _ := searchTwoTowers(along(l, doubles{}), tilts)
	tilts.Matrices = found
	if _, err := insideReLU(c, p, tilts); err != nil {
		t.Fatal(err)
	}
	tilts.Matrices = append([][2][2]*big.Rat{found[0]}, found[:4]...) // one twice: 0 is not in the hull
	if _, err := insideReLU(interval.NewContext(precision), p, tilts); err == nil {
		t.Error("the corners of a facet bound the loss of two towers")
	}
	far := found[4]
	far[0][0] = new(big.Rat).Add(far[0][0], big.NewRat(1, 100))
	tilts.Matrices = append(append([][2][2]*big.Rat{}, found[:4]...), far)
	if _, err := insideReLU(interval.NewContext(precision), p, tilts); !errors.Is(err, ErrUndecided) {
		t.Errorf("a corner that is moved away: %v", err)
	}
	zero := [2][2]*big.Rat{{new(big.Rat), new(big.Rat)}, {new(big.Rat), new(big.Rat)}}
	tilts.Matrices = [][2][2]*big.Rat{zero}
	if _, err := insideReLU(interval.NewContext(precision), p, tilts); !errors.Is(err, ErrUndecided) {
		t.Errorf("no tilts: %v", err)
	}
}
