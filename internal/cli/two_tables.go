package cli

import (
	"contrastcheck/gmm"
	"contrastcheck/tables"
)

// second fits a mixture to the table that --text names, which has the samples of first.
func (i *input) second(s *session, first *tables.Table, shrinkage tables.Shrinkage) (*gmm.Mixture, error) {
	t, done, err := i.samples(s, i.Text, first)
	if err == nil {
		err = first.Matches(t)
	}
	if err != nil {
		return nil, err
	}
	i.features = append(i.features, t.Columns)
	i.keep(t, shrinkage)
	if !done.changed() && i.Shrinkage == nil {
		return fitting(s, func() (*gmm.Mixture, error) { return (*preparation)(nil).fit(t, shrinkage) })
	}
	done.shrunk, done.auto = i.Shrinkage != nil, shrinkage.Auto()
	if i.preparation == nil {
		i.preparation = &preparation{Dropped: []string{}}
	}
	i.preparation.Text = done
	return fitting(s, func() (*gmm.Mixture, error) { return done.fit(t, shrinkage) })
}
