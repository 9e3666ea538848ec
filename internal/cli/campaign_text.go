package cli

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"contrastcheck/campaign/queue"
)

// shownCampaign is what is printed of a campaign.
type shownCampaign struct {
	ID        string         `json:"id"`
	Kind      string         `json:"kind"`
	Command   string         `json:"command"`
	Submitted time.Time      `json:"submitted"`
	Shards    int            `json:"shards"`
	Done      int            `json:"done"`
	Failures  int            `json:"failures"`
	Replicas  int            `json:"replicas"`
	Identity  queue.Identity `json:"identity"`
}

// campaignOf asks how far a campaign is, too; where the server has nothing of it yet, it is not begun.
func campaignOf(ctx context.Context, q *queue.Connection, r queue.Record) shownCampaign {
	done, failures, err := q.Answered(ctx, r.ID)
	if err != nil {
		done, failures = 0, 0
	}
	return shownCampaign{r.ID, r.Request.Kind, "contrastcheck " + strings.Join(r.Command, " "), r.Submitted, r.Shards, done, failures, r.Replicas, r.Identity}
}

// text writes it for a person.
func (c shownCampaign) text(b *bytes.Buffer, _ bool) {
	fmt.Fprintf(b, "campaign   %s\ncommand    %s\nsubmitted  %s\nshards     %d of %d done\n", c.ID, c.Command, c.Submitted.Format(time.RFC3339), c.Done, c.Shards)
	if c.Failures > 0 {
		fmt.Fprintf(b, "failures   %d\n", c.Failures)
	}
	fmt.Fprintf(b, "replicas   %d\nprogram    %v\n", c.Replicas, c.Identity)
	if c.Identity != queue.Self() {
		b.WriteString("           which is not this one: it can neither work at it nor resume it\n")
	}
}

// campaigns is the output of campaign list.
type campaigns []shownCampaign

// text writes a line a campaign.
func (all campaigns) text(b *bytes.Buffer, quiet bool) {
	if !quiet && len(all) > 0 {
		fmt.Fprintf(b, "%-10s  %-20s  %15s  COMMAND\n", "CAMPAIGN", "SUBMITTED", "SHARDS DONE")
	}
	for _, c := range all {
		fmt.Fprintf(b, "%-10s  %-20s  %15s  %s\n", c.ID, c.Submitted.Format(time.RFC3339), fmt.Sprintf("%d of %d", c.Done, c.Shards), c.Command)
	}
}
