package losses_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"contrastcheck/losses"
)

func TestTryHinge(t *testing.T) {
	for _, text := range []string{
		`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`,
		`{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": "identity"}`,
		`{"weights": [1, 11, 420], "means": [[17, 9], [8, 3], ["-1/4", "-1/10"]], "covariance": "identity"}`,
		`{"weights": [989, 10, 1], "means": [[0, 0], [8, 3], [15, 10]], "covariance": "identity"}`,
		`{"weights": [1, 1, 1], "means": [[-2, 4], [-1, -3], [-1, -1]], "covariance": "identity"}`,
		`{"weights": [1, 87, 87, 1], "means": [[19, 18], [3, 1], [-3, -1], [-19, -18]], "covariance": "identity"}`,
		`{"weights": [47, 1, 29], "means": [["9/4", 1], [-21, -18], ["-339/116", -1]], "covariance": "identity"}`,
	} {
		p := read(t, text)
		centred, err := p.Centre()
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range []losses.Loss{losses.Hinge, losses.DistanceHinge, losses.Triplet} {
			for i, p := range []interface{}{p, centred} {
				_ = p
				q := read(t, text)
				if i == 1 {
					q, _ = q.Centre()
				}
				start := time.Now()
				d, err := losses.Decide(context.Background(), l, q, losses.Options{})
				if err != nil {
					t.Error(err)
					continue
				}
				f := d.Findings
				fmt.Println(text, l.Name(), i, f.Equality(), f.Containment(), f.Spectrum, "eps", f.Evidence.Epsilon, f.Evidence.Rule, time.Since(start))
			}
		}
	}
}
