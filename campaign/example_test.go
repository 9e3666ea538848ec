package campaign_test

import (
	"context"
	"fmt"

	"contrastcheck/campaign"
	"contrastcheck/theorems"
)

// A verification by two workers in this process. A Runner that has workers elsewhere comes to the same result.
func ExampleVerify() {
	claims, err := theorems.Find("equality-line", "svd-shared")
	if err != nil {
		fmt.Println(err)
		return
	}
	results, err := campaign.Verify(context.Background(), campaign.InProcess(2), claims, theorems.Options{Cases: 200, Seed: 1})
	for _, r := range results {
		fmt.Println(r.Claim.ID, r.Found(), r.Cases)
	}
	fmt.Println(err)
	// Output:
	// equality-line holds 200
	// svd-shared refuted 1
	// <nil>
}

// A request is all that a worker needs; its shards are pure, and what a stranger says of one can be checked.
func ExampleOpen() {
	job, err := campaign.Open(campaign.Request{Kind: campaign.KindVerify, Parameters: []byte(`{"claims":[{"id":"equality-line","cases":64}],"seed":1,"outcomes":false}`)})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := job.Run(context.Background(), 0)
	fmt.Println(job.Shards(), err, job.Check(context.Background(), 0, result))
	fmt.Println(job.Check(context.Background(), 1, result) != nil)
	// Output:
	// 16 <nil> <nil>
	// true
}
