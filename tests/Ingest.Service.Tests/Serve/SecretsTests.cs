using Ingest.Service.Display;

namespace Ingest.Service.Tests.Serve;

public class SecretsTests
{
    [Theory]
    [InlineData("amqp://name:hush@host:5672/vhost", "amqp://name:…@host:5672/vhost")]
    [InlineData("amqp://name:hu sh@host", "amqp://name:…@host")]
    [InlineData("amqp://name:hu@sh@host", "amqp://name:…@host")]
    [InlineData("amqp://name:hu:sh@host", "amqp://name:…@host")]
    [InlineData("amqp://name:hu/sh@host", "amqp://name:…@host")]
    [InlineData("ampq:/name:hush@host", "ampq:…@host")]
    [InlineData("name:hush@host", "name:…@host")]
    [InlineData("amqp://name:hush", "amqp://name:…")]
    [InlineData("amqp://name:hush/vhost", "amqp://name:…/vhost")]
    [InlineData("http://hush@host:80", "http://…@host:80")]
    [InlineData("http://localhost:8080", "http://localhost:8080")]
    [InlineData("http://256.1.1.1:8080/", "http://256.1.1.1:8080/")]
    [InlineData("http://[::1]:8080", "http://[::1]:8080")]
    [InlineData("https://ingest.example", "https://ingest.example")]
    [InlineData("acept,publish", "acept,publish")]
    [InlineData("", "")]
    public void A_value_is_repeated_without_its_password(string value, string hidden) => Assert.Equal(hidden, Secrets.Hidden(value));

    [Theory]
    [InlineData("cannot read amqp://name:hush@host: there is no such file.", "cannot read amqp://name:…@host: there is no such file.")]
    [InlineData("'http://name:hush@host/a' and http://localhost:8080.", "'http://name:…@host/a' and http://localhost:8080.")]
    [InlineData("no connection to amqp://guest@127.0.0.1:9/.", "no connection to amqp://guest@127.0.0.1:9/.")]
    [InlineData("Write to someone@example.org.", "Write to someone@example.org.")]
    public void A_message_repeats_no_password(string message, string hidden) => Assert.Equal(hidden, Secrets.HiddenIn(message));

    [Theory]
    [InlineData("/run/secrets/rabbitmq", "/run/secrets/rabbitmq")]
    [InlineData("password.txt", "password.txt")]
    [InlineData("hush", "…")]
    public void What_is_no_path_may_be_the_password(string value, string hidden) => Assert.Equal(hidden, Secrets.HiddenUnlessPath(value));
}
