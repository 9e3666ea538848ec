package solver_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

func modelPairs(t *testing.T, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("model", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

// To take own covariances for their mean, or two modalities for one, would give wrong minimisers: what has
// no theory of them refuses.
func TestLossesRefuseOtherModels(t *testing.T) {
	own := modelPairs(t, `{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, "4/5"], ["4/5", 1]], [[1, -0.4], [-0.4, 1]]]}`)
	two := modelPairs(t, `{"weights": [1, 1], "visual": {"means": [[1, 0], [-1, 0]], "covariance": "identity"}, "text": {"means": [[1, 0], [-1, 1]], "covariance": "identity"}}`)
	a := mat.NewDense(2, 1, []float64{1, 0})
	for _, method := range []solver.Method{solver.Reduced, solver.Blind, solver.Factored} {
		if _, err := solver.Minimise(solver.InfoNCE, two, solver.Options{Method: method, Columns: 1, Starts: 1}); !errors.Is(err, gmm.ErrOtherModel) {
			t.Errorf("%s minimum of InfoNCE in two modalities: %v, want ErrOtherModel", method, err)
		}
	}
	if _, err := solver.NewObjective(solver.InfoNCE, two); !errors.Is(err, gmm.ErrOtherModel) {
		t.Errorf("InfoNCE in two modalities: %v, want ErrOtherModel", err)
	}
	for _, c := range []struct {
		loss solver.Loss
		p    gmm.Pairs
	}{{solver.InfoNCE, two}, {solver.Triplet, own}, {solver.DonskerVaradhan, two}} {
		if _, _, err := solver.Evaluate(c.loss, c.p, a, a); !errors.Is(err, gmm.ErrOtherModel) {
			t.Errorf("%s of %s: %v, want ErrOtherModel", c.loss.Name, c.p.Model(), err)
		}
	}
	for _, p := range []gmm.Pairs{own, two} {
		if x := solver.Margin(solver.InfoNCE, p); !math.IsNaN(x) {
			t.Errorf("the margin of %s is said to be %g", p.Model(), x)
		}
	}
}

// Own covariances need a rule over the directions of S_F, in two modalities over all dimensions, unless the loss depends on their mean alone or needs no quadrature.
func TestOwnCovariancesOfManyDirections(t *testing.T) {
	wide := modelPairs(t, `{"weights": [1, 2], "means": [[2, 0, 0, 0, 0, 0], [-1, 0, 0, 0, 0, 0]], "covariance": "identity"}`).Apart()
	simplex := func(n int) gmm.Pairs {
		weights, means := slices.Repeat([]int{1}, n), make([][]int, n)
		for i := range means {
			means[i] = make([]int, n)
			means[i][i] = 1
		}
		return modelPairs(t, fmt.Sprintf(`{"weights": %s, "means": %s, "covariance": "identity"}`, strings.ReplaceAll(fmt.Sprint(weights), " ", ", "), strings.ReplaceAll(fmt.Sprint(means), " ", ", "))).Apart()
	}
	five, many := simplex(5), simplex(solver.MostOwnDirections+1)
	apart := modelPairs(t, `{"weights": [1, 2], "visual": {"means": [[2, 0, 0, 0], [-1, 0, 0, 0]], "covariance": "identity"}, "text": {"means": [[2], [-1]], "covariance": "identity"}}`).Apart()
	for _, c := range []struct {
		loss    solver.Loss
		p       gmm.Pairs
		refused bool
	}{
		{solver.InfoNCE, wide, false}, {solver.CLIP, wide, false}, {solver.InfoNCE, five, false}, {solver.InfoNCE, many, true}, {solver.CLIP, many, true}, {solver.CLIP, apart, true},
		{solver.Spectral, many, false}, {solver.DonskerVaradhan, many, false},
	} {
		_, err := solver.Minimise(c.loss, c.p, solver.Options{})
		if errors.Is(err, solver.ErrDimension) != c.refused || !c.refused && err != nil {
			t.Errorf("%s in %d dimensions: %v", c.loss.Name, c.p.Left.Dimension(), err)
		}
	}
}
