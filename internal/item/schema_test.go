package item_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

func TestSchemaOfDeliveryChannel(t *testing.T) {
	text := map[string]any{"type": "string"}
	object := func(properties map[string]any) map[string]any {
		return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	}
	want := object(map[string]any{
		"resourceType": map[string]any{"type": "string", "const": "AWS::Config::DeliveryChannel"},
		"resourceId":   text, "resourceName": text, "arn": text, "awsAccountId": text, "awsRegion": text,
		"tags": map[string]any{"type": "object", "additionalProperties": text},
		"configuration": object(map[string]any{
			"name": text, "s3BucketName": text, "s3KeyPrefix": text, "s3KmsKeyArn": text, "snsTopicARN": text,
			"configSnapshotDeliveryProperties": object(map[string]any{"deliveryFrequency": text}),
		}),
		"source":  object(map[string]any{"kind": text, "address": text, "action": text}),
		"unknown": map[string]any{"type": "array", "items": text},
	})
	want["$schema"] = "http://json-schema.org/draft-07/schema#"
	if diff := cmp.Diff(want, item.Schema("AWS::Config::DeliveryChannel")); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
}

func TestSchemaOfUnknownType(t *testing.T) {
	if s := item.Schema("AWS::Config::DeliveryChanel"); s != nil {
		t.Errorf("a type that no kind has got a schema: %v", s)
	}
}
