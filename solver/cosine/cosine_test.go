package cosine_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/solver/cosine"

	"gonum.org/v1/gonum/mat"
)

func pairs(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

func TestTry(t *testing.T) {
	for _, c := range []struct{ m, τ, ε, inside, want float64 }{
		{1, .5, .55, .39287286200908, .180025881201336},
		{2, .5, .28, -.49713674508598, -.523825380164887},
		{3, .5, .140625, -.66421264618666, -.665398456279362},
		{1, 1, .4375, -.03228411219137, -.100658788151868},
		{2, .125, .15625, .01829496219985, -.04389172882765},
	} {
		p := pairs(t, fmt.Sprintf(`{"weights":[1,1],"means":[[%g,0,0],[%g,0,0]],"covariance":"identity"}`, c.m, -c.m))
		e, err := cosine.Evaluate(cosine.InfoNCE(c.τ), p, mat.NewDense(3, 2, []float64{1, 0, 0, c.ε, 0, 0}))
		i, err2 := cosine.Evaluate(cosine.InfoNCE(c.τ), p, mat.NewDense(3, 2, []float64{1, 0, 0, 0, 0, 0}))
		e3, err3 := cosine.Evaluate(cosine.InfoNCE(c.τ), p, mat.NewDense(3, 3, []float64{1, 0, 0, 0, c.ε, 0, 0, 0, c.ε}))
		fmt.Println(c.want, e, err, c.inside, i, err2, e3, err3, e.Value-c.want, i.Value-c.inside)
	}
	p := pairs(t, `{"weights":[1,1],"means":[[1,0],[-1,0]],"covariance":"identity"}`)
	for _, ε := range []float64{0, .72413} {
		e, err := cosine.Evaluate(cosine.Sigmoid(1, cosine.Bias{}, .5), p, mat.NewDense(2, 2, []float64{1, 0, 0, ε}))
		fmt.Println(e, err)
		for _, n := range []int{1, 4, 1000} {
			e, err := cosine.Evaluate(cosine.Negatives(n, .5), p, mat.NewDense(2, 2, []float64{1, 0, 0, ε}))
			fmt.Println(n, e, err, e.Value-math.Log(float64(n)))
		}
	}
}

func TestTry2(t *testing.T) {
	for _, c := range []struct{ m, τ float64 }{{1, .5}, {2, .5}, {3, .5}, {1, 1}, {2, .125}} {
		p := pairs(t, fmt.Sprintf(`{"weights":[1,1],"means":[[%g,0],[%g,0]],"covariance":"identity"}`, c.m, -c.m))
		s := time.Now()
		r, err := cosine.Minimise(cosine.InfoNCE(c.τ), p, cosine.Options{Columns: 2})
		fmt.Printf("%+v %v\n%v\n", r, err, time.Since(s))
	}
	p := pairs(t, `{"weights":[1,1],"means":[[1,0,0],[-1,0,0]],"covariance":"identity"}`)
	s := time.Now()
	r, err := cosine.Minimise(cosine.InfoNCE(.5), p, cosine.Options{Columns: 3})
	fmt.Printf("%+v %v\n%v\n", r, err, time.Since(s))
}
