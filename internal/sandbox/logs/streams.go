package logs

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/page"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

func streamKey(s types.LogStream) string { return aws.ToString(s.LogStreamName) }

func (g group) stream(name *string) (int, bool) {
	return slices.BinarySearchFunc(g.streams, aws.ToString(name), func(s types.LogStream, name string) int {
		return cmp.Compare(streamKey(s), name)
	})
}

func (b *Backend) createLogStream(ctx context.Context, in *cloudwatchlogs.CreateLogStreamInput) (*cloudwatchlogs.CreateLogStreamOutput, error) {
	if err := checkName(aws.ToString(in.LogStreamName), "logStreamName"); err != nil {
		return nil, err
	}
	g, err := b.find(ctx, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	at, exists := g.stream(in.LogStreamName)
	if exists {
		return nil, wire.Errorf("ResourceAlreadyExistsException", "The specified log stream already exists")
	}
	g.streams = slices.Insert(slices.Clone(g.streams), at, types.LogStream{
		LogStreamName: in.LogStreamName, Arn: aws.String(g.arn + ":log-stream:" + *in.LogStreamName),
		CreationTime: aws.Int64(wire.CallOf(ctx).Time.UnixMilli()), StoredBytes: aws.Int64(0),
	})
	b.groups.Put(ctx, g.name, g)
	return &cloudwatchlogs.CreateLogStreamOutput{}, nil
}

func (b *Backend) deleteLogStream(ctx context.Context, in *cloudwatchlogs.DeleteLogStreamInput) (*cloudwatchlogs.DeleteLogStreamOutput, error) {
	g, err := b.find(ctx, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	at, exists := g.stream(in.LogStreamName)
	if !exists {
		return nil, wire.Errorf("ResourceNotFoundException", "The specified log stream does not exist.")
	}
	g.streams = slices.Delete(slices.Clone(g.streams), at, at+1)
	b.groups.Put(ctx, g.name, g)
	return &cloudwatchlogs.DeleteLogStreamOutput{}, nil
}

// describeLogStreams orders by name in either order: without events, the order
// by last event is that of names.
func (b *Backend) describeLogStreams(ctx context.Context, in *cloudwatchlogs.DescribeLogStreamsInput) (*cloudwatchlogs.DescribeLogStreamsOutput, error) {
	size, err := pageSize(in.Limit)
	if err != nil {
		return nil, err
	}
	if in.OrderBy != "" && !slices.Contains(in.OrderBy.Values(), in.OrderBy) {
		return nil, constraint(string(in.OrderBy), "orderBy", "Member must satisfy enum value set: %v", in.OrderBy.Values())
	}
	if in.OrderBy == types.OrderByLastEventTime && in.LogStreamNamePrefix != nil {
		return nil, invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	g, err := b.keyed(ctx, in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	streams := slices.DeleteFunc(slices.Clone(g.streams), func(s types.LogStream) bool {
		return !strings.HasPrefix(streamKey(s), aws.ToString(in.LogStreamNamePrefix))
	})
	key := streamKey
	if aws.ToBool(in.Descending) {
		slices.Reverse(streams)
		key = func(s types.LogStream) string { return descending(streamKey(s)) }
	}
	part, next, err := page.After(streams, key, in.NextToken, size)
	if err != nil {
		return nil, badToken()
	}
	return &cloudwatchlogs.DescribeLogStreamsOutput{LogStreams: append([]types.LogStream{}, part...), NextToken: next}, nil
}

// descending gives a key that orders against the name, for page tokens.
func descending(name string) string {
	flipped := []byte(name)
	for i, c := range flipped {
		flipped[i] = ^c
	}
	return string(flipped) + "\xff"
}
