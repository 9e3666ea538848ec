package campaign_test

import (
	"regexp"
	"testing"

	"contrastcheck/campaign"
	"contrastcheck/internal/enough"
	"contrastcheck/search"
)

// Honest hunts are never refused, whatever their claim's cases consist of and whatever is asked of them.
func TestHonestHuntsPass(t *testing.T) {
	t.Parallel()
	finds := 0
	ids := []string{"svd-shared", "clip-containment-every-pair", "dv-equality", "distance-equality-biased"}
	if enough.Attack() {
		ids = append(ids, "containment-own-covariance", "cosine-containment", "affine-equality")
	}
	for _, id := range ids {
		for _, unshrunk := range []bool{false, true} {
			job := opened(t, campaign.NewSearch(campaign.Question{Claim: id}, search.Options{Evaluations: enough.Cases(160), Seed: 1, Unshrunk: unshrunk}))
			err := campaign.Local(t.Context(), job, 2, func(n int, result []byte) error {
				finds += len(regexp.MustCompile(`"find":`).FindAllString(string(result), -1))
				return job.Check(t.Context(), n, result)
			})
			if err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
	}
	if finds < 4 {
		t.Errorf("%d finds were examined", finds)
	}
}
