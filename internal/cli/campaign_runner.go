package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"contrastcheck/campaign"
	"contrastcheck/campaign/queue"
	"contrastcheck/internal/words"
)

// elsewhere is what a session knows of the campaigns that its command has submitted.
type elsewhere struct {
	args       []string // of the command
	flags      *queued  // nil for a command that has none
	connection *queue.Connection
	collected  []string // campaigns that are merged, to be deleted once the output stands
	unfinished error    // of the campaign that goes on
}

// runQueued is the campaign.Runner of a server: it submits, waits, checks and merges.
func (s *session) runQueued(ctx context.Context, r campaign.Request, merge func(n int, result []byte) error) error {
	q := s.flags
	job, err := campaign.Open(r)
	if err != nil {
		return err
	}
	record, err := s.connection.Submit(ctx, r, withoutConnection(s.args), q.Replicas)
	if err != nil {
		if errors.Is(err, queue.ErrLost) {
			s.unfinished = fmt.Errorf("%w; the same command goes on from where this ends", err)
		}
		return err
	}
	resume := q.resumes(record.ID, q.Queue)
	s.remark("campaign %s, shards: %d; it goes on without this process, and this waits for it again: %s", record.ID, record.Shards, resume)
	bar := s.progress(record.Shards, "shards")
	report, err := s.connection.Collect(ctx, record, job, queue.Collecting{Workers: runtime.GOMAXPROCS(0), Recheck: float64(q.Recheck), Progress: func(p queue.Progress) {
		bar.Describe(fmt.Sprintf("shards, %s", count(p.Workers, "worker")))
		_ = bar.Set(p.Answered)
	}}, merge)
	_ = bar.Finish()
	s.tell(record, report)
	var parked *queue.Parked
	switch {
	case err == nil:
		s.collected = append(s.collected, record.ID)
	case ctx.Err() != nil:
		s.unfinished = fmt.Errorf("%w; the campaign goes on, and this waits for it again: %s", errInterrupted, resume)
	case errors.Is(err, queue.ErrLost):
		s.unfinished = fmt.Errorf("%w; this waits for the campaign again: %s", err, resume)
	case errors.As(err, &parked):
		s.unfinished = fmt.Errorf("%w; this tries them again: %s", err, resume)
	case errors.Is(err, queue.ErrGone):
		s.unfinished = err
	}
	return err
}

// dial connects a command whose work is shared out.
func (s *session) dial(q *queued) (err error) {
	if s.flags = q; q.Queue != "" {
		s.connection, err = s.connected(q.address(q.Queue))
	}
	return err
}

// errNoShards refuses a hunt of a time, which has no shards.
var errNoShards = errors.New("--queue: expected --evaluations N, by which a hunt is divided into shards; found a hunt that a time ends")

// tell says what became of a campaign. Who was caught is told to quiet people, too.
func (s *session) tell(r queue.Record, found queue.Report) {
	for _, l := range found.Liars {
		fmt.Fprintf(s.stderr, "contrastcheck: worker %s was caught: %s; it answered %s, which are done again here\n", l.Name, words.Sentence(l.Lie), count(l.Shards, "shard"))
	}
	if found.Merged == 0 {
		return
	}
	s.remark("campaign %s: %s by %s, %d redelivered, %d merged, %d not to be trusted and done again here", r.ID, count(found.Answered, "shard"), count(found.Workers, "worker"), found.Redelivered, found.Merged, found.Redone)
	const few, many = 10, 100
	s.remark("%s done again as drawn, a share of %.3g: a worker that lies in n shards is caught with probability 1 - (1 - %.3g)^n, %.3f for n = %d and %.3f for n = %d",
		count(found.Rechecked, "shard"), found.Share, found.Share, queue.Caught(found.Share, few), few, queue.Caught(found.Share, many), many)
}

// settled deletes the campaigns whose results are printed, as an exit code tells.
func (s *session) settled(code int) int {
	if code != exitDone {
		return code
	}
	const most = 10 * time.Second
	ctx, stop := context.WithTimeout(context.Background(), most)
	defer stop()
	for _, id := range s.collected {
		if err := s.connection.Cancel(ctx, id); err != nil && !errors.Is(err, queue.ErrGone) {
			s.remark("campaign %s could not be deleted: %s", id, words.Sentence(err))
		}
	}
	return code
}

// hangUp ends the connection.
func (s *session) hangUp() {
	if s.connection != nil {
		s.connection.Close()
	}
}
