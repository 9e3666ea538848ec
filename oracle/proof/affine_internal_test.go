package proof

import (
	"math"
	"math/big"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// The gradient of affine maps is that of the loss of Aᵀx + b: with N = RRᵀ and γ = Rb, A = Σ⁻¹WR, a step of R and b changes the value, as the solver has it, by tr(gΓg dN) + σᵀg dγ.
func TestAffineGradientIsTheSlopeOfTheLoss(t *testing.T) {
	t.Parallel()
	cases := 0
	rapid.Check(t, func(t *rapid.T) {
		d := drawnMixture(rapid.IntRange(2, 3).Draw(t, "K"), 2).Draw(t, "mixture")
		x, err := Affine.newCoordinates(d.pairs, 1)
		if err != nil || x.dimension() == 0 {
			t.Skip("no coordinates")
		}
		s := x.dimension()
		draw := func(label string) rational.Matrix { // a row for b below R
			m := rational.New(s+1, s)
			for i, row := range m {
				length := 1.0
				if i < s {
					square, _ := x.gram[i][i].Float64()
					length = math.Sqrt(square)
				}
				for j := range row {
					row[j].SetFloat64(float64(rapid.IntRange(-8, 8).Draw(t, label)) / 16 / max(length, 0.25))
				}
			}
			return m
		}
		at, move := draw("entry"), draw("step")
		moved := func(share *big.Rat) (u rational.Matrix) {
			for i, row := range move.Scaled(share) {
				u = append(u, rational.Sum(at[i], row))
			}
			return u
		}
		pointOf := func(u rational.Matrix) (n rational.Matrix, gamma []*big.Rat) {
			return u[:s].Times(u[:s].Transposed()), u[:s].Apply(u[s])
		}
		var w rational.Matrix
		for _, i := range x.basis {
			w = append(w, x.seen.Left.Exact().Means[i])
		}
		frame := w.Times(rational.Inverse(x.seen.Left.Exact().Covariance)).Transposed() // Σ⁻¹W
		value := func(share *big.Rat) float64 {
			u := moved(share)
			a := frame.Times(u[:s])
			columns, b := mat.NewDense(len(a), s, nil), make([]float64, s)
			for i, row := range a {
				for j, entry := range row {
					v, _ := entry.Float64()
					columns.Set(i, j, v)
				}
			}
			for j, entry := range u[s] {
				b[j], _ = entry.Float64()
			}
			loss, _, err := solver.EvaluateAffine(solver.Affine, x.seen, columns, b)
			if err != nil {
				t.Skip(err.Error())
			}
			return loss
		}
		h := big.NewRat(1, 4096)
		step, _ := h.Float64()
		want := (value(h) - value(new(big.Rat).Neg(h))) / (2 * step)

		n, gamma := pointOf(at)
		c := interval.NewContext(60)
		found, err := affine{x}.gradient(c, point{form: n, shift: gamma}, tolerance(30))
		if err != nil {
			t.Skip(err.Error())
		}
		n1, gamma1 := pointOf(moved(big.NewRat(1, 1))) // to first order half of the difference of steps forth and back
		n0, gamma0 := pointOf(moved(big.NewRat(-1, 1)))
		half := big.NewRat(1, 2)
		dn, dgamma := n1.Plus(big.NewRat(-1, 1), n0).Scaled(half), rational.Difference(gamma1, gamma0)
		weight, along := x.gram.Times(dn).Times(x.gram), x.gram.Apply(dgamma)
		sum := c.NewSum()
		for i, row := range found.form {
			for j, entry := range row {
				sum.AddMul(c.FromRat(weight[i][j]), entry)
			}
			sum.AddMul(c.FromRat(new(big.Rat).Mul(half, along[i])), found.shift[i])
		}
		got, _ := sum.Interval().Upper().Float64()
		cases++
		if scale := 1 + math.Abs(want); math.Abs(got-want) > 2e-5*scale*scale {
			t.Fatalf("%#v at %v along %v: the gradient says %.10g, differences %.10g", d.pairs, at, move, got, want)
		}
	})
	enough.Drawn(t, "gradients", cases, rapidCases*3/4)
}
