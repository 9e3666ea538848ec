//go:build attack

package queue

import (
	"bytes"
	"context"
	"regexp"
	"testing"

	"contrastcheck/campaign"
	"contrastcheck/search"
	"contrastcheck/theorems"
)

// lyingJob is a job of which a worker lies in every shard.
type lyingJob struct {
	campaign.Job
	lie func(ctx context.Context, j campaign.Job, n int) []byte
}

func (l lyingJob) Run(ctx context.Context, n int) ([]byte, error) {
	return l.lie(ctx, l.Job, n), ctx.Err()
}

// rewritten is the true result with a change.
func rewritten(expression, by string) func(context.Context, campaign.Job, int) []byte {
	pattern := regexp.MustCompile(expression)
	return func(ctx context.Context, j campaign.Job, n int) []byte {
		result, _ := j.Run(ctx, n)
		return pattern.ReplaceAll(result, []byte(by))
	}
}

// Real verifications and hunts by a worker that lies in all of them are merged right with all done again, and where what is not true shows even without.
func TestRealLiars(t *testing.T) {
	s := newServer(t, "-js")
	o := testOptions()
	o.Open = campaign.Open
	c := connect(t, s.url, o)
	claims, err := theorems.Find("equality-line", "svd-shared", "equality")
	if err != nil {
		t.Fatal(err)
	}
	verification := campaign.NewVerification(claims, theorems.Options{Cases: 400, Seed: 3, Brief: true})
	hunt := campaign.NewSearch(campaign.Question{Claim: "equality"}, search.Options{Evaluations: 4000, Seed: 3})
	for _, l := range []struct {
		name    string
		request campaign.Request
		share   float64
		lie     func(ctx context.Context, j campaign.Job, n int) []byte
	}{
		{"a verdict flipped to refuted", verification, 0, rewritten(`"holds":(\d+),"refuted":0`, `"holds":0,"refuted":$1`)},
		{"a verdict flipped to holds", verification, 1, rewritten(`"holds":0,"refuted":(\d+)`, `"holds":$1,"refuted":0`)},
		{"a worst value", verification, 1, rewritten(`"worst":[^,]*`, `"worst":1`)},
		{"another shard's result", verification, 0, func(ctx context.Context, j campaign.Job, n int) []byte {
			result, _ := j.Run(ctx, (n+1)%j.Shards())
			return result
		}},
		{"garbage", hunt, 0, func(context.Context, campaign.Job, int) []byte { return []byte("{}") }},
		{"an invented counterexample", hunt, 0, rewritten(`"weights":\["1`, `"weights":["7`)},
		{"counterexamples kept silent", hunt, 1, rewritten(`,"find":.*?}}}`, `}`)},
	} {
		job, err := c.Open(l.request)
		if err != nil {
			t.Fatal(err)
		}
		var want, got bytes.Buffer
		print := func(to *bytes.Buffer) func(int, []byte) error {
			return func(_ int, result []byte) error {
				to.Write(result)
				return nil
			}
		}
		if err := campaign.Local(t.Context(), job, 2, print(&want)); err != nil {
			t.Fatal(err)
		}
		lying := testOptions()
		lying.Open = func(r campaign.Request) (campaign.Job, error) {
			j, err := campaign.Open(r)
			return lyingJob{j, l.lie}, err
		}
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error)
		liar := connect(t, s.url, lying)
		go func() { ended <- liar.Work(ctx, Working{Cores: 1}) }()
		r, err := c.Submit(t.Context(), l.request, nil, 1)
		if err != nil {
			t.Fatal(err)
		}
		report, err := c.Collect(t.Context(), r, job, Collecting{Workers: 2, Recheck: l.share}, print(&got))
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d shards, %d workers, %d liars, %d done again for lack of trust", l.name, report.Shards, report.Workers, len(report.Liars), report.Redone)
		for _, liar := range report.Liars {
			t.Logf("%.200v", liar.Lie)
		}
		if !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Errorf("%s: %d bytes in place of %d", l.name, got.Len(), want.Len())
		}
		if len(report.Liars) != 1 {
			t.Errorf("%s: %d liars", l.name, len(report.Liars))
		}
		if err := c.Cancel(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
	}
}
