package gmm_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"

	"pgregory.net/rapid"
)

// groupCondition is E[Qx | Px] = 0 by its definition: given k and t = Vᵀx, the mean of x is μ_k + Σ_kV(VᵀΣ_kV)⁻¹(t − Vᵀμ_k), and the part of it that
// Π = Σ̄V(VᵀΣ̄V)⁻¹Vᵀ takes away is Σ_kV − ΠΣ_kV.
func groupCondition(m *gmm.Mixture) bool {
	e := m.Exact()
	v := naive(m.Pooled().Exact().Covariance, nil, e.Means) // rows
	inner := func(rows [][]*big.Rat) [][]*big.Rat { return product(v, rows) }
	pooled := product(m.Pooled().Exact().Covariance, v) // the rows of VᵀΣ̄
	projector := product(turned(pooled), rationalInverse(inner(pooled)))
	groups := map[string][][]*big.Rat{}
	for k, covariance := range e.Covariances {
		image := product(covariance, v)
		key := fmt.Sprint(inner(image), inner([][]*big.Rat{e.Means[k]}))
		within := product(turned(projector), inner(image)) // the rows of (ΠΣ_kV)ᵀ
		sum := groups[key]
		if sum == nil {
			sum = make([][]*big.Rat, len(v))
		}
		for i := range v {
			for j := range image[i] {
				if len(sum[i]) == j {
					sum[i] = append(sum[i], new(big.Rat))
				}
				off := new(big.Rat).Sub(image[i][j], within[i][j])
				sum[i][j].Add(sum[i][j], off.Mul(off, e.Weights[k]))
			}
		}
		groups[key] = sum
	}
	for _, sum := range groups {
		for _, row := range sum {
			for _, x := range row {
				if x.Sign() != 0 {
					return false
				}
			}
		}
	}
	return true
}

// Where couplings cancel within groups, and where one of them is changed, the condition is what its definition says.
func TestGroupConditionByDefinition(t *testing.T) {
	met, moved := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.OneOf(generators.Grouped(), generators.Grouped(), generators.Enveloped(), generators.General(), generators.Tilted()).Draw(t, "mixture").Apart()
		if d := m.Dimension(); rapid.Bool().Draw(t, "changed") && d > 1 {
			e := m.Exact()
			k := rapid.IntRange(0, m.Components()-1).Draw(t, "component")
			own := gmm.IdentityRows(d)
			for i := range own {
				for j := range own {
					own[i][j].Set(e.Covariances[k][i][j])
				}
			}
			own[d-1][d-1].Add(own[d-1][d-1], big.NewRat(1, 1_000_000_000_000))
			e.Covariances = append(append(append([][][]*big.Rat{}, e.Covariances[:k]...), own), e.Covariances[k+1:]...)
			var err error
			if m, err = gmm.NewExact(e); err != nil {
				t.Fatal(err)
			}
		}
		got := m.GroupCondition()
		if m.FisherDimension() > 0 {
			if want := groupCondition(m); got != want {
				t.Fatalf("the group condition is %v, by definition %v", got, want)
			}
		}
		switch {
		case m.Envelope().Invariant() && !got:
			t.Fatal("the Fisher subspace is invariant, and the group condition fails")
		case got && m.Envelope().Leaves():
			met++
		case !got:
			moved++
		}
	})
	enough.Drawn(t, "the condition met with a larger envelope", met, 40)
	enough.Drawn(t, "the condition not met", moved, 40)
}

func TestReferenceGroupConditions(t *testing.T) {
	text, err := os.ReadFile("testdata/groups.json")
	if err != nil {
		t.Fatal(err)
	}
	var references []struct {
		ID      string
		Weights []string
		Means   [][]string
		Cov     [][][]string
		Group   bool
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
		if got := m.GroupCondition(); got != ref.Group {
			t.Errorf("%s: the group condition is %v, want %v", ref.ID, got, ref.Group)
		}
	}
}
